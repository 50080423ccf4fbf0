#include "balse/data/json_depth.hpp"

#include <cstddef>

namespace balse {

bool json_deeper_than(std::string_view json, int depth) {
  int now = 0;
  bool in_string = false;
  for (std::size_t k = 0; k < json.size(); ++k) {
    const char c = json[k];
    if (in_string) {
      k += c == '\\' ? 1 : 0;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++now > depth) {
        return true;
      }
    } else if (c == '}' || c == ']') {
      --now;
    }
  }
  return false;
}

}  // namespace balse
