#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balse/model/blend.hpp"
#include "balse/model/block.hpp"
#include "balse/model/block_table.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// What fitting one block or blend found, for those who print it.
struct SummaryText {
  std::vector<Figure> figures;
  double seconds = 0.0;
  std::string sentence;       ///< "10 iterations, training RMSE 0.8123"; may be empty
  std::string warning;        ///< what went wrong; empty where nothing did
  std::vector<double> trace;  ///< training RMSE after each iteration, where the block keeps it
};

/// What is known of every model, block or blend, for those who need not know which it is.
struct ModelKind {
  Model model;
  std::string_view name;              ///< "als": of its tensors, JSON and column of predict
  std::string_view title;             ///< "ALS": in tables and sentences
  std::string_view group;             ///< what the names of its options begin with: "als", "gate"
  std::string_view group_title;       ///< of what it learned: "ALS", "Steins gate"
  bool needs_tags;                    ///< of a blend: whether one of its parts does
  bool by_default;                    ///< see models_by_default()
  bool clipped;                       ///< whether --clip paper cuts what it predicts
  std::span<const ArraySpec> arrays;  ///< empty: there is nothing to fit
  std::string_view effort;  ///< the figure that says how long the way of a fit was; may be empty

  /// Whether arrays of the right shapes, read from a file, say something that can be meant.
  bool (*sound)(const Parameters& parameters);
  std::vector<Figure> (*describe)(const Parameters& parameters);
  SummaryText (*summary)(const BlockSummaries& summaries);
  /// What the fits of several folds learned, in words for the reader of a table; may be empty.
  std::string (*learned)(std::span<const BlockSummaries* const> folds);
};

/// A line of the table of blocks.
struct BlockKind : ModelKind {
  /// What a fit starts from where there is nothing better; empty where that makes no difference.
  Parameters (*initial)(const Extents& extents, const BlockOptions& options);
  /// From `start`, parameters of the same shape, or from initial() where that is empty.
  Parameters (*fit)(const TrainingSet& set, const BlockOptions& options, const Parameters& start,
                    BlockSummaries& summaries);
  /// Rows of the arrays that have one for every user, for the users of `set`; empty where
  /// `parameters` are of a program that did not store what this takes. Null for a block that cannot
  /// say, which is none where it has no such array.
  Parameters (*fold_in)(const Parameters& parameters, const FoldInSet& set,
                        const BlockOptions& options);
  /// `parameters` are shared, what `data` views must outlive the block.
  std::unique_ptr<Block> (*open)(const Parameters& parameters, const ModelData& data);
};

/// A line of the table of blends.
struct BlendKind : ModelKind {
  std::vector<Model> parts;           ///< in the order that the blend takes their predictions
  std::vector<HeldOut> learned_from;  ///< by part: what tells the blend how much it is worth

  std::unique_ptr<BlendFit> (*fit)(const BlockOptions& options, BlockSummaries& summaries);
  std::unique_ptr<Blend> (*open)(const Parameters& parameters);
};

std::span<const BlockKind> block_kinds();
std::span<const BlendKind> blend_kinds();
/// All of them, by index_of(Model).
std::span<const ModelKind* const> model_kinds();

std::string_view name_of(Model model);   ///< "user-mean"
std::string_view title_of(Model model);  ///< "user mean"
std::optional<Model> model_of(std::string_view name);
/// Of a blend: whether one of its parts does.
bool needs_tags(Model model);

/// Those that are fitted, and shown by eval, where nobody asks for others: what the paper has.
std::vector<Model> models_by_default();
/// Those and every blend, or one of them.
std::vector<Model> models_with_blends();
std::vector<Model> models_with(Model blend);

/// Gives every block and blend that draws random numbers a seed of its own, and of the fold.
void set_seeds(BlockOptions& options, std::uint64_t seed);
void set_fold_seeds(BlockOptions& options, std::size_t fold);

/// Has every block that would lose time by it keep SummaryText::trace.
void keep_traces(BlockOptions& options);

}  // namespace balse
