#pragma once

#include <algorithm>
#include <cstdint>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "balse/data/input_file.hpp"

#include "data/rating_collector.hpp"

namespace balse {

/// Whether a file begins as XML does.
bool looks_like_xml(std::string_view head);

/// Reads MyAnimeList's exports, a user each, into `ratings`. Throws Error(bad_data) where it is no
/// such export.
void read_xml_ratings(InputFile& file, RatingCollector& ratings);

}  // namespace balse
