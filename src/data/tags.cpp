#include "balse/data/tags.hpp"

namespace balse {

TagMatrix align_tags(const Tags& tags, const IdIndex& items) {
  const TagMatrix& source = tags.matrix;
  TagMatrix aligned;
  aligned.tag_count = source.tag_count;
  aligned.start.reserve(items.size() + 1);
  aligned.tag.reserve(source.tag.size());
  aligned.weight.reserve(source.weight.size());
  for (std::uint32_t item = 0; item < items.size(); ++item) {
    if (const auto row = tags.items.find(items[item])) {
      const auto columns = source.tags_of(*row);
      const auto weights = source.weights_of(*row);
      aligned.tag.insert(aligned.tag.end(), columns.begin(), columns.end());
      aligned.weight.insert(aligned.weight.end(), weights.begin(), weights.end());
    }
    aligned.start.push_back(aligned.tag.size());
  }
  return aligned;
}

std::size_t rows_with_tags(const TagMatrix& matrix) {
  std::size_t rows = 0;
  for (std::size_t row = 0; row < matrix.items(); ++row) {
    rows += matrix.count(row) > 0 ? 1 : 0;
  }
  return rows;
}

}  // namespace balse
