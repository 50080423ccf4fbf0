#pragma once

#include "balse/data/input_file.hpp"

#include "data/tag_collector.hpp"

namespace balse {

/// Reads JSON into `tags`: lines of it, or one document. Every object that has an item ("item",
/// "id", ...) and tags ("tags", "genres", ...) is one, however deep it lies; tags are names,
/// objects with a name and perhaps a weight, or names with weights.
void read_json_tags(InputFile& file, TagCollector& tags);

}  // namespace balse
