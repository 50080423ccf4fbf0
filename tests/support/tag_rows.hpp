#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "balse/data/tags.hpp"

namespace balse::test {

/// "20: a=1 b=0.5", items, or users, in the file's order and tags in theirs.
inline std::vector<std::string> tag_rows(const Tags& tags) {
  std::vector<std::string> rows;
  for (std::uint32_t item = 0; item < tags.items.size(); ++item) {
    std::string& row = rows.emplace_back(std::string(tags.items[item]) + ':');
    for (std::size_t k = 0; k < tags.matrix.count(item); ++k) {
      char weight[32];
      std::snprintf(weight, sizeof weight, "=%g", tags.matrix.weights_of(item)[k]);
      row += ' ' + std::string(tags.names[tags.matrix.tags_of(item)[k]]) + weight;
    }
  }
  return rows;
}

}  // namespace balse::test
