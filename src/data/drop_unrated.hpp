#pragma once

#include "balse/data/ratings.hpp"
#include "balse/data/unrated.hpp"

namespace balse {

/// Leaves out the ratings that guess_unrated() takes for none, and counts them. Users and items
/// that had no others are forgotten.
void drop_unrated(Ratings& ratings, UnratedSummary& summary);

}  // namespace balse
