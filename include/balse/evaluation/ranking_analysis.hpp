#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/evaluation/analysis.hpp"
#include "balse/evaluation/ranking_measures.hpp"

namespace balse {

struct RankingAnalysisOptions {
  std::size_t k = 10;
  /// The rating from which on an item is wanted; by itself the upper eighth of the scale.
  std::optional<double> relevant;
  /// Users a fold for whom all items are predicted; drawn by the seed where more want something. 0:
  /// all.
  std::size_t catalogue_users = 500;
};

/// What is ranked.
enum class RankingScope : std::uint8_t {
  test_items,  ///< the user's test items among themselves
  catalogue,   ///< all items that the user has no train or validation rating of
};
inline constexpr std::size_t kRankingScopes = 2;

struct RankingFigure {
  double value = kNoFigure;  ///< mean over the lists: users with a wanted test item, of all folds
  Interval interval;         ///< bootstrap over users
};

struct RankingFigures {
  std::size_t lists = 0;
  std::vector<std::array<RankingFigure, kRankingMeasures>> measures;  ///< by contender
  /// By contender: the share of the catalogue that is in somebody's first k, mean over folds; no
  /// figure for test items.
  std::vector<double> coverage;
};

struct RankingFindings {
  std::size_t k = 0;
  double relevant = 0.0;
  std::array<RankingFigures, kRankingScopes> scopes;
};

/// Listens to cross_validate() and measures what its predictions are worth as orders. Equal
/// predictions are in an order that is drawn anew for every fold.
class RankingAnalysis {
 public:
  /// `ratings` must outlive it.
  RankingAnalysis(const Ratings& ratings, const RankingAnalysisOptions& options,
                  const AnalysisOptions& analysis);

  void start(const std::vector<Contender>& contenders);
  /// Ranks the catalogue by the models of the fold; scores of others are not ranked in it.
  void begin_fold(const TrainedFold& fold);
  void add(const TestPrediction& test);
  RankingFindings finish();

 private:
  struct TestItem {
    std::uint32_t user;
    std::uint32_t row;
  };

  bool wanted(std::uint32_t row) const { return ratings_.value[row] >= relevant_; }
  void set_items(const TrainedFold& fold);
  void end_fold();
  std::vector<std::uint32_t> users_of_catalogue(const TrainedFold& fold) const;
  void rank_catalogue(const TrainedFold& fold);
  void add_list(RankingScope scope, std::uint32_t user, std::span<const RankingValues> values);
  RankingFigures figures(RankingScope scope, const Bootstrap& bootstrap) const;

  const Ratings& ratings_;
  RankingAnalysisOptions options_;
  AnalysisOptions analysis_;
  double relevant_;
  std::vector<Contender> contenders_;
  std::size_t models_ = 0;                    // the first contenders
  std::vector<std::uint64_t> tie_;            // by item, of the fold
  std::vector<double> surprise_;              // by item, of the fold
  std::vector<TestItem> tested_;              // of the fold
  std::vector<double> predictions_;           // of these, by contender
  ErrorSums sums_{0, 0, 0};                   // by user; cells: measures of each scope
  std::vector<std::vector<double>> covered_;  // by model, by fold
};

}  // namespace balse
