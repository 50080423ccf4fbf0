#include "data/tag_builder.hpp"

#include <algorithm>

namespace balse {
namespace {

bool before(const TagBuilder::Entry& a, const TagBuilder::Entry& b) {
  return a.item != b.item ? a.item < b.item : a.tag < b.tag;
}

}  // namespace

TagMatrix TagBuilder::build(std::size_t items, std::size_t tags) {
  if (!std::is_sorted(entries_.begin(), entries_.end(), before)) {
    std::stable_sort(entries_.begin(), entries_.end(), before);  // the last of equals stays last
  }
  TagMatrix matrix;
  matrix.tag_count = tags;
  matrix.start.reserve(items + 1);
  matrix.tag.reserve(entries_.size());
  matrix.weight.reserve(entries_.size());
  auto entry = entries_.cbegin();
  for (std::uint32_t item = 0; item < items; ++item) {
    for (; entry != entries_.cend() && entry->item == item; ++entry) {
      const auto next = entry + 1;
      if (next != entries_.cend() && next->item == item && next->tag == entry->tag) {
        ++duplicates_;
      } else if (entry->weight != 0.0F) {
        matrix.tag.push_back(entry->tag);
        matrix.weight.push_back(entry->weight);
      }
    }
    matrix.start.push_back(matrix.tag.size());
  }
  entries_ = {};
  return matrix;
}

}  // namespace balse
