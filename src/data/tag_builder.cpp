#include "data/tag_builder.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace balse {

void TagBuilder::make_largest_one() {
  std::vector<float> largest;
  for (std::size_t entry = 0; entry < item_.size(); ++entry) {
    largest.resize(std::max<std::size_t>(largest.size(), item_[entry] + 1));
    largest[item_[entry]] = std::max(largest[item_[entry]], weight_[entry]);
  }
  for (std::size_t entry = 0; entry < item_.size(); ++entry) {
    weight_[entry] /= largest[item_[entry]] > 0.0F ? largest[item_[entry]] : 1.0F;
  }
}

TagMatrix TagBuilder::build(std::size_t items, std::size_t tags) {
  TagMatrix matrix;
  matrix.tag_count = tags;
  matrix.start.assign(items + 1, 0);
  for (const std::uint32_t item : item_) {
    ++matrix.start[item + 1];
  }
  for (std::size_t item = 0; item < items; ++item) {
    matrix.start[item + 1] += matrix.start[item];
  }
  if (!ascending_) {
    sort(matrix.start);
  }
  item_ = {};
  // What stays moves to the front, and each row's end with it.
  std::size_t kept = 0;
  for (std::size_t item = 0, entry = 0; item < items; ++item) {
    const std::size_t end = matrix.start[item + 1];
    for (; entry < end; ++entry) {
      if (entry + 1 < end && tag_[entry + 1] == tag_[entry]) {
        ++duplicates_;
      } else if (weight_[entry] != 0.0F) {
        tag_[kept] = tag_[entry];
        weight_[kept++] = weight_[entry];
      }
    }
    matrix.start[item + 1] = kept;
  }
  tag_.resize(kept);
  weight_.resize(kept);
  matrix.tag = std::move(tag_);
  matrix.weight = std::move(weight_);
  tag_ = {};
  weight_ = {};
  return matrix;
}

// By item, then each row by tag; the last of equals stays last.
void TagBuilder::sort(const std::vector<std::uint64_t>& start) {
  std::vector<std::uint32_t> tag(tag_.size());
  std::vector<float> weight(weight_.size());
  std::vector<std::uint64_t> place(start.begin(), start.end() - 1);
  for (std::size_t entry = 0; entry < item_.size(); ++entry) {
    const std::uint64_t at = place[item_[entry]]++;
    tag[at] = tag_[entry];
    weight[at] = weight_[entry];
  }
  std::vector<std::pair<std::uint32_t, float>> row;
  for (std::size_t item = 0; item + 1 < start.size(); ++item) {
    const auto first = tag.begin() + static_cast<std::ptrdiff_t>(start[item]);
    const auto last = tag.begin() + static_cast<std::ptrdiff_t>(start[item + 1]);
    if (std::is_sorted(first, last)) {
      continue;
    }
    row.clear();
    for (std::uint64_t entry = start[item]; entry < start[item + 1]; ++entry) {
      row.emplace_back(tag[entry], weight[entry]);
    }
    std::stable_sort(row.begin(), row.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::uint64_t entry = start[item]; entry < start[item + 1]; ++entry) {
      std::tie(tag[entry], weight[entry]) = row[entry - start[item]];
    }
  }
  tag_.swap(tag);
  weight_.swap(weight);
}

}  // namespace balse
