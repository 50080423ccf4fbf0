#pragma once

#include <cstddef>

#include "balse/data/ratings.hpp"
#include "balse/model/trained_model.hpp"

namespace balse {

/// How many ids two lists have in common.
struct Overlap {
  std::size_t common = 0;
  std::size_t first = 0;   ///< ids of the first list
  std::size_t second = 0;  ///< and of the second

  /// Of the shorter list: a site may have grown or shrunk tenfold and still be the same.
  double of_shorter() const;
  double of_first() const;
  /// Common ids of all that are in one of the lists.
  double of_both() const;
};

Overlap overlap(const IdIndex& first, const IdIndex& second);

/// Whether the users of the ratings are items and their items users, as a model of the same site
/// tells: by the ratings that both have, or, where the ids of users and items are no numbers that
/// could be either, by the ids.
bool looks_swapped(const Ratings& ratings, const TrainedModel& model);

/// The same as a list of items tells, of tags or of titles: where it goes far better with the
/// users. It must be all but certain, since numbers from 1 on are users and items alike.
bool looks_swapped(const Ratings& ratings, const IdIndex& items);

/// Items with at least one tag and one rating (of train, validation or test).
std::size_t rated_items_with_tags(const TrainedModel& model);
std::size_t items_with_tags(const TagMatrix& of_rated_items);

}  // namespace balse
