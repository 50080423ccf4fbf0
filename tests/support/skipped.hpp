#pragma once

#include <iostream>
#include <string_view>

namespace balse::test {

/// Says what cannot be tried here, and why.
inline void skipped(std::string_view why) {
  std::cout << "SKIPPED: " << why << '\n' << std::flush;
}

}  // namespace balse::test
