#pragma once

#include <cstdint>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/model/training.hpp"

namespace balse {

/// Turns `share` of the training ratings into validation ratings; every choice of so many is
/// equally likely.
void hold_out_validation(double share, std::uint64_t seed, std::vector<Part>& parts);

/// Turns all training ratings of `share` of the items into validation ratings, so that a gate sees
/// in validation what an item is like that nobody rated yet. The share is of the items that have
/// training ratings, rounded to whole items; every choice of so many is equally likely, however
/// many ratings they have, so the share of the ratings is about the same but not exactly. Ratings
/// that validate or test already stay as they are, and an item that has such besides its training
/// ratings may be chosen like any other. A share that rounds to all items leaves nothing to train
/// on, one that rounds to none changes nothing. `parts` has an entry for each of `ratings`.
void hold_out_items(double share, std::uint64_t seed, const Ratings& ratings,
                    std::vector<Part>& parts);

/// The same with users.
void hold_out_users(double share, std::uint64_t seed, const Ratings& ratings,
                    std::vector<Part>& parts);

}  // namespace balse
