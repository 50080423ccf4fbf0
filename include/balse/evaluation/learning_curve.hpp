#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "balse/evaluation/series.hpp"
#include "balse/evaluation/splits.hpp"

namespace balse {

/// How many of a fold's training ratings are trained on.
struct TrainSize {
  std::string text;       ///< as it was given: "10%", "1000"
  double share = 0.0;     ///< of them, if positive; rounded
  std::size_t count = 0;  ///< otherwise

  /// "10%", "2.5%", "1000"; throws Error(usage).
  static TrainSize parse(std::string_view text);
  /// So many of `train_rows`; may be more than there are.
  std::size_t of(std::size_t train_rows) const;
};

/// Throws Error(bad_data) where a fold has fewer training ratings than a size asks for, or where
/// none would be left.
void check_train_sizes(const Splits& splits, const std::vector<TrainSize>& sizes);

/// The same folds with so many of each one's training ratings, and the same share, rounded, of its
/// validation ratings; the others are unused. All choices of so many are equally likely, and a
/// smaller size's ratings are among those of a larger one, of the same seed. Test ratings stay.
/// check_train_sizes() found nothing wrong with the size.
std::unique_ptr<Splits> with_train_size(std::shared_ptr<const Splits> splits, TrainSize size,
                                        std::uint64_t seed);

/// The series of several sizes, yet without points: rows of train_size.
Series learning_curve();
/// What its note says of the points.
std::string learning_curve_note(const std::vector<SeriesPoint>& points);

}  // namespace balse
