#pragma once

#include "balse/data/input_file.hpp"

#include "data/rating_collector.hpp"

namespace balse {

/// Reads JSON into `ratings`: lines of it, or one document of any size, which is never in memory as
/// a whole. Every object that has the members of a rating is one, however deep it lies. What says
/// who the user is may also be around a list of them, as in AniList's exports, whose scores of 0 to
/// 3, 5 or 100 become 0 to 10.
void read_json_ratings(InputFile& file, RatingCollector& ratings);

}  // namespace balse
