#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace balse {

/// What the first rows of a file of titles look like.
struct WorkShape {
  std::size_t columns = 0;    ///< that most rows have
  std::size_t title = 1;      ///< the first after the item that is neither numbers nor dates
  bool has_category = false;  ///< the column after the title, which is the last, is words, too
};

/// Of the whole lines in `head`, the beginning of a file.
WorkShape work_shape(std::string_view head, const std::string& delimiter);

}  // namespace balse
