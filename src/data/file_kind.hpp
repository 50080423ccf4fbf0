#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace balse {

/// What a file that is not what it should be looks like by its first bytes, for a message: "text
/// that begins with "user,item,rating"", "a gzip file"; empty where they tell nothing.
std::string kind_of_file(std::span<const std::byte> bytes);

}  // namespace balse
