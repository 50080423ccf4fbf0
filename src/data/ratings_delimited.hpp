#pragma once

#include "balse/data/input_file.hpp"

#include "data/rating_collector.hpp"

namespace balse {

/// Reads rows of user, item and rating between delimiters into `ratings`.
void read_delimited_ratings(InputFile& file, RatingCollector& ratings);

}  // namespace balse
