#pragma once

#include <string>

#include "balse/data/tags_reader.hpp"

namespace balse {

/// Whether `path` is a regular file that starts as a zip archive does.
bool looks_like_npz(const std::string& path);

/// read_tags() for a file of scipy.sparse.save_npz.
Tags read_npz_tags(const std::string& path, const ReadTagsOptions& options,
                   ReadTagsSummary& summary);

}  // namespace balse
