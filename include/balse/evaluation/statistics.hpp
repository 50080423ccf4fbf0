#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace balse {

/// The ends of a confidence interval; NaN where nothing can be said.
struct Interval {
  double low = 0.0;
  double high = 0.0;
};

inline constexpr double kConfidence = 0.95;

/// The middle 95% of what a bootstrap's replicates found (percentile interval, Efron 1979). Ends
/// between two replicates are interpolated linearly; replicates that are NaN are left out.
Interval percentile_interval(std::vector<double> replicates);

/// What Wilcoxon's signed-rank test (1945) says of paired differences.
struct SignedRank {
  std::size_t pairs = 0;  ///< that differ; the others are left out
  /// Two-sided. Exact for at most 50 pairs without ties; else by the normal distribution, with the
  /// variance corrected for ties and without a correction for continuity. 1 where nothing differs.
  double p = 1.0;
  /// The matched-pairs rank-biserial correlation, (W+ - W-) / (W+ + W-): 1 where all differences
  /// are positive; 0 where nothing differs.
  double effect = 0.0;
};
SignedRank signed_rank_test(std::span<const double> differences);

/// Holm's step-down correction (1979) of the p of several tests: reject where it is below the
/// level, and all of them together err no oftener than that. In the order of `p`.
std::vector<double> holm(std::span<const double> p);

}  // namespace balse
