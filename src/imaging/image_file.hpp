#pragma once

#include <cstdint>
#include <string>

#include "balse/support/error.hpp"

namespace balse {

/// Throws Error(bad_data): what was found where an image was expected.
[[noreturn]] inline void fail_image(const std::string& found, const std::string& hint = {}) {
  throw Error(ErrorKind::bad_data, {.found = found, .hint = hint});
}

/// Of `what`, such as "a PNG"; whether the option would help.
[[noreturn]] inline void fail_early(const std::string& what, bool may_be_allowed) {
  fail_image(what + " that ends early", may_be_allowed ? "--allow-truncated" : "");
}

/// `width` x `height` where they are known, otherwise 0.
[[noreturn]] inline void fail_too_large(std::uint64_t width, std::uint64_t height,
                                        std::uint64_t max_pixels) {
  const std::string size =
      width == 0 ? "a picture" : std::to_string(width) + " x " + std::to_string(height) + " pixels";
  fail_image(size + ", more than the limit of " + std::to_string(max_pixels) + " pixels",
             "--max-pixels");
}

/// Before anything is decoded.
inline void check_size(std::uint64_t width, std::uint64_t height, std::uint64_t max_pixels) {
  if (width == 0 || height == 0) {
    fail_image("an image without pixels");
  }
  if (width > max_pixels / height) {
    fail_too_large(width, height, max_pixels);
  }
}

}  // namespace balse
