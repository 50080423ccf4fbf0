#pragma once

#include <string_view>

#include "balse/data/input_file.hpp"

#include "data/rating_collector.hpp"

namespace balse {

/// Whether a file begins with the name of a block: "1:".
bool looks_like_blocks(std::string_view head);

/// Reads the form of the Netflix Prize into `ratings`: a line "ITEM:", then its rows of
/// user,rating[,date], and so on.
void read_block_ratings(InputFile& file, RatingCollector& ratings);

}  // namespace balse
