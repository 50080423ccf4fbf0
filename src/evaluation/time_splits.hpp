#pragma once

#include <memory>
#include <string>

#include "balse/evaluation/splits.hpp"

namespace balse {

/// Protocol::time. `ratings` have times, and validate_times() finds nothing wrong with them.
std::unique_ptr<Splits> make_time_splits(const SplitOptions& options, const Ratings& ratings);

/// Empty, or a sentence that says why the ratings cannot be split by their times.
std::string validate_times(const SplitOptions& options, const Ratings& ratings);

}  // namespace balse
