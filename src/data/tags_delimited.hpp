#pragma once

#include "balse/data/input_file.hpp"

#include "data/tag_collector.hpp"

namespace balse {

/// Reads rows between delimiters into `tags`: triplets, pairs, lists or a dense table.
void read_delimited_tags(InputFile& file, TagCollector& tags);

}  // namespace balse
