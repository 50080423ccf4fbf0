#pragma once

#include <string>
#include <vector>

namespace balse {

// Ids of users or items, one a row: the first column, or the one that a header calls user or item.
// A path or "-"; plain or gzip. Throws Error(bad_data) where there are none.
std::vector<std::string> read_user_ids(const std::string& path);
std::vector<std::string> read_item_ids(const std::string& path);

}  // namespace balse
