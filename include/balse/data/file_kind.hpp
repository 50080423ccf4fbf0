#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace balse {

/// What a file that is not what it should be looks like by its first bytes, for a message: "text
/// that begins with "user,item,rating"", "a gzip file"; empty where they tell nothing.
std::string kind_of_file(std::span<const std::byte> bytes);

/// Throws Error(bad_data) where a file that should be text begins like one of the kinds that people
/// have instead, as HTML, Git LFS pointers, archives, Excel's and databases' files, and says how to
/// get at what is inside.
void fail_foreign_file(std::string_view first_bytes, const std::string& path);

/// Whether these are too few bytes to tell.
bool may_be_foreign(std::string_view first_bytes);

}  // namespace balse
