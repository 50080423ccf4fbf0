#include "balse/data/tags_npz_writer.hpp"

#include <cstdint>

#include "balse/data/npz_writer.hpp"

namespace balse {

std::string tags_as_npz(const TagMatrix& matrix, const std::vector<std::string>& items,
                        const std::vector<std::string>& tags) {
  NpzWriter writer;
  writer.add_bytes("format", "csr");
  writer.add("shape", std::vector<std::int64_t>{static_cast<std::int64_t>(items.size()),
                                                static_cast<std::int64_t>(tags.size())});
  writer.add("data", matrix.weight);
  writer.add("indices", std::vector<std::int32_t>(matrix.tag.begin(), matrix.tag.end()));
  writer.add("indptr", std::vector<std::int64_t>(matrix.start.begin(), matrix.start.end()));
  writer.add("items", items);
  writer.add("tags", tags);
  return writer.finish();
}

}  // namespace balse
