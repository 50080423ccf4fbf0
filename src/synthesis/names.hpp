#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "balse/support/random.hpp"

namespace balse {

/// The most tags that can be named.
std::size_t tag_name_limit();

/// `count` distinct tag names in random order.
std::vector<std::string> make_tag_names(std::size_t count, Random& random);

/// The title of item `item` of the data set with this seed; distinct for every item.
std::string make_title(std::uint32_t item, std::uint64_t seed);

}  // namespace balse
