#pragma once

#include <string>

#include "balse/data/tags_reader.hpp"

namespace balse {

/// read_tags() for the delimited formats.
Tags read_text_tags(const std::string& path, const ReadTagsOptions& options,
                    ReadTagsSummary& summary);

}  // namespace balse
