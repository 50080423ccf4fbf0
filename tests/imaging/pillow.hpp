#pragma once

#include <string>
#include <utility>
#include <vector>

#include "balse/tagging/image.hpp"

namespace balse::test {

/// Whether Debian's python3-pil and python3-numpy are there to compare with; says loudly if not.
bool has_pillow();

/// What Pillow makes of these files (name and content), all at once because Python starts slowly:
/// bytes, transparency dropped or laid over white, gray of 16 bits by its upper byte. A picture
/// without pixels where it refuses one.
std::vector<Image> decoded_by_pillow(const std::vector<std::pair<std::string, std::string>>& files,
                                     bool over_white);

}  // namespace balse::test
