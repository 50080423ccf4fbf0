#pragma once

#include <memory>

#include "balse/data/ratings_reader.hpp"
#include "balse/evaluation/splits.hpp"

#include "eval_options.hpp"

namespace balse::cli {

/// The splits that `balse eval` was told to make or to read, with the one size of --train-size, if
/// there is but one. `ratings` were read as `summary` says, and must outlive the result.
std::shared_ptr<const Splits> splits_of(const EvalOptions& options, const Ratings& ratings,
                                        const ReadRatingsSummary& summary);

}  // namespace balse::cli
