#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "balse/data/tags.hpp"

namespace balse {

/// Which names a shell pattern (*, ?, [...]; upper and lower case alike) does not match.
std::vector<bool> names_unlike(const std::vector<std::string>& names, const std::string& pattern);

/// The `count` tags that most of the items have; of equally many the earlier ones. All where there
/// are no more.
std::vector<bool> most_used_tags(const TagMatrix& tags, std::size_t count);

/// Removes the columns that are not kept, and their names.
void keep_tags(const std::vector<bool>& kept, TagMatrix& tags, std::vector<std::string>& names);
void keep_tags(const std::vector<bool>& kept, Tags& tags);

}  // namespace balse
