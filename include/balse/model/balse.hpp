#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/data/tags.hpp"
#include "balse/model/als.hpp"
#include "balse/model/baselines.hpp"
#include "balse/model/block.hpp"
#include "balse/model/lasso.hpp"
#include "balse/model/option_fields.hpp"
#include "balse/model/rating_means.hpp"
#include "balse/model/steins_gate.hpp"

namespace balse {

enum class Clip {
  none,
  lasso,  ///< LASSO alone, as in the paper and its code
  all,    ///< every model
};

/// What ALS and LASSO predict for a user without training ratings.
enum class UnseenUsers {
  item_mean,  ///< the item's mean, or the global mean where the item has no ratings either
  zero,       ///< what the authors' code does: LASSO 0, ALS its offset plus what its factors give
};

struct BalseOptions {
  /// Of the options of all models together.
  static constexpr OptionGroup kGroup = {"", "Models"};

  AlsOptions als;
  LassoOptions lasso;
  GateOptions gate;
  BiasOptions bias;
  Clip clip = Clip::lasso;
  /// What predictions are cut to, tau of the paper's section IV.B for [-2, 2]; absent: lowest and
  /// highest training rating.
  std::optional<ClipRange> clip_range;
  UnseenUsers unseen_users = UnseenUsers::item_mean;

  void visit(FieldVisitor& visitor);
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

/// The blocks of the program, by name. Every place that lists models walks this table.
enum class Model : std::uint8_t { global_mean, user_mean, bias, als, lasso, balse };
inline constexpr std::array kModels = {Model::global_mean, Model::user_mean, Model::bias,
                                       Model::als,         Model::lasso,     Model::balse};
std::string_view name_of(Model model);   ///< "user-mean"
std::string_view title_of(Model model);  ///< "user mean"
constexpr bool needs_tags(Model model) {
  return model == Model::lasso || model == Model::balse;
}

struct WarmStart;

/// ALS and LASSO fitted on one training set.
struct FittedBlocks {
  std::shared_ptr<const RatingMeans> means;
  Als als;
  Lasso lasso;  ///< empty without tags
  AlsSummary als_summary;
  LassoSummary lasso_summary;
};

/// `tags` is null or has a row per item of `ratings`; `als_start` and `lasso_start` may be null.
FittedBlocks fit_blocks(const RatingMatrix& ratings, const TagMatrix* tags,
                        const BalseOptions& options, const WarmStart* als_start = nullptr,
                        const Lasso* lasso_start = nullptr);

/// What blocks predict from, wherever it lies: in FittedBlocks, or in a mapped model file. What is
/// behind the views must outlive the blocks.
struct BlockParameters {
  RatingMeansView means;
  AlsView als;
  LassoView lasso;
  std::optional<TagMatrixView> tags;  ///< absent: no LASSO
  Clip clip = Clip::lasso;
  ClipRange clip_range;
  UnseenUsers unseen_users = UnseenUsers::item_mean;
};

/// The predictors of one fitted training set.
class Predictors {
 public:
  explicit Predictors(const BlockParameters& parameters);
  /// `blocks` and `tags` must outlive it.
  Predictors(const FittedBlocks& blocks, const TagMatrix* tags, const BalseOptions& options);
  ~Predictors();
  Predictors(Predictors&&) noexcept;
  Predictors& operator=(Predictors&&) noexcept;

  /// Adds the bias baseline, fitted on `ratings`, the training set of the blocks.
  void add_bias(const RatingMatrix& ratings, const RatingMeans& means, const BiasOptions& options);
  /// Adds BALSE, which blends ALS and LASSO by the counts in `item_counts` (one per item; kept).
  void add_balse(const SteinsGate& gate, std::span<const std::uint32_t> item_counts);

  /// Null where the model is not there: lasso and balse without tags, bias and balse until added.
  const Block* find(Model model) const { return blocks_[static_cast<std::size_t>(model)].get(); }

 private:
  void set(Model model, std::unique_ptr<Block> block);

  BlockParameters parameters_;
  std::array<std::unique_ptr<Block>, kModels.size()> blocks_;
};

}  // namespace balse
