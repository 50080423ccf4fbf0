#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "balse/model/trained_model.hpp"
#include "balse/serving/recommend.hpp"

namespace balse {

// What lists of items and lists of users are ranked with; docs/recommendations.md has the formulas
// and the figures by which the numbers were chosen.

/// Ratings of no interest that every item is taken to have besides its own: below it a prediction
/// is believed less than half.
inline constexpr double kItemDamping = 50.0;
/// The same of a user.
inline constexpr double kUserDamping = 5.0;

inline double damped(double value, double towards, double count, double damping) {
  return (count * value + damping * towards) / (count + damping);
}

/// What a rating point is worth beside the neighbours of an item: a prediction at the upper end of
/// the scale adds half to its relevance beside one at the lower end.
inline double worth_of_point(const RatingMeansView& means) {
  const double range = means.highest - means.lowest;
  return range > 0.0 ? 0.5 / range : 0.0;
}

/// Makes of what the best model predicts, before it is cut to a range, what is shown.
class ShownScore {
 public:
  ShownScore(const Predictors& predictors, const RatingMeansView& means)
      : clips_(predictors.clipping().applies_to(predictors.best())),
        range_(predictors.clipping().range),
        lowest_(means.lowest),
        highest_(means.highest) {}

  double operator()(double unclipped) const {
    const double score = clips_ ? std::clamp(unclipped, range_.low, range_.high) : unclipped;
    return std::clamp(score, lowest_, highest_);
  }

 private:
  bool clips_;
  ClipRange range_;
  double lowest_;
  double highest_;
};

/// Keeps the best `count` of `order`, best first; of equal ranks the first by id, in byte order.
template <typename Rank, typename Id>
void keep_best(std::vector<std::uint32_t>& order, std::size_t count, const Rank& rank,
               const Id& id) {
  const auto kept = static_cast<std::ptrdiff_t>(std::min(count, order.size()));
  std::partial_sort(order.begin(), order.begin() + kept, order.end(),
                    [&](std::uint32_t left, std::uint32_t right) {
                      return rank(left) != rank(right) ? rank(left) > rank(right)
                                                       : id(left) < id(right);
                    });
  order.resize(static_cast<std::size_t>(kept));
}

/// Of a user and an item, once it is known what they are ranked by.
struct RankedPair {
  RankBy by = RankBy::mean;
  double shown = 0.0;
  double rank = 0.0;
  std::uint32_t user = 0;
  std::uint32_t item = 0;
};

/// With its fallback, and as reasons the tags that speak most for it, `reasons` at most.
Recommendation recommendation_of(const RankedPair& pair, const Predictors& predictors,
                                 std::size_t reasons);

}  // namespace balse
