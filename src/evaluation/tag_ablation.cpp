#include "balse/evaluation/tag_ablation.hpp"

#include <algorithm>
#include <fnmatch.h>
#include <numeric>
#include <utility>

namespace balse {

std::vector<bool> names_unlike(const std::vector<std::string>& names, const std::string& pattern) {
  std::vector<bool> unlike;
  unlike.reserve(names.size());
  for (const std::string& name : names) {
    unlike.push_back(fnmatch(pattern.c_str(), name.c_str(), FNM_CASEFOLD) != 0);
  }
  return unlike;
}

std::vector<bool> most_used_tags(const TagMatrix& tags, std::size_t count) {
  std::vector<std::size_t> used(tags.tag_count);
  for (const std::uint32_t tag : tags.tag) {
    ++used[tag];
  }
  std::vector<std::size_t> order(tags.tag_count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return used[a] > used[b]; });
  order.resize(std::min(order.size(), count));
  std::vector<bool> kept(tags.tag_count);
  for (const std::size_t tag : order) {
    kept[tag] = true;
  }
  return kept;
}

void keep_tags(const std::vector<bool>& kept, TagMatrix& tags, std::vector<std::string>& names) {
  std::vector<std::uint32_t> column(kept.size());
  std::vector<std::string> kept_names;
  for (std::size_t tag = 0; tag < kept.size(); ++tag) {
    column[tag] = static_cast<std::uint32_t>(kept_names.size());
    if (kept[tag]) {
      kept_names.push_back(names[tag]);
    }
  }
  TagMatrix left;
  left.tag_count = kept_names.size();
  left.start.reserve(tags.start.size());
  for (std::size_t item = 0; item < tags.items(); ++item) {
    for (std::size_t k = tags.start[item]; k < tags.start[item + 1]; ++k) {
      if (kept[tags.tag[k]]) {
        left.tag.push_back(column[tags.tag[k]]);
        left.weight.push_back(tags.weight[k]);
      }
    }
    left.start.push_back(left.tag.size());
  }
  tags = std::move(left);
  names = std::move(kept_names);
}

void keep_tags(const std::vector<bool>& kept, Tags& tags) {
  std::vector<std::string> names;
  for (std::uint32_t tag = 0; tag < tags.names.size(); ++tag) {
    names.emplace_back(tags.names[tag]);
  }
  keep_tags(kept, tags.matrix, names);
  tags.names = {};
  for (const std::string& name : names) {
    tags.names.insert(name);
  }
}

}  // namespace balse
