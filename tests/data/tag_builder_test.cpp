#include "data/tag_builder.hpp"

#include <map>
#include <utility>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

using namespace balse;

namespace {

using Cells = std::map<std::pair<std::uint32_t, std::uint32_t>, float>;

constexpr std::uint32_t kItems = 40;
constexpr std::uint32_t kTags = 30;

void check(const TagMatrix& matrix, const Cells& expected) {
  Cells found;
  REQUIRE(matrix.items() == kItems);
  REQUIRE(matrix.tag_count == kTags);
  REQUIRE(matrix.weight.size() == matrix.tag.size());
  for (std::uint32_t item = 0; item < kItems; ++item) {
    const auto tags = matrix.tags_of(item);
    CHECK(std::is_sorted(tags.begin(), tags.end()));
    for (std::size_t k = 0; k < tags.size(); ++k) {
      found[{item, tags[k]}] = matrix.weights_of(item)[k];
    }
  }
  CHECK(found == expected);
  CHECK(matrix.tag.size() == expected.size());
}

}  // namespace

TEST_CASE("a tag matrix is built from entries in any order", "[tag_builder]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    TagBuilder builder;
    Cells cells;
    std::uint64_t again = 0;
    const std::uint64_t entries = random.below(800);
    for (std::uint64_t k = 0; k < entries; ++k) {
      const auto item = static_cast<std::uint32_t>(random.below(kItems / 2));  // the rest is empty
      const auto tag = static_cast<std::uint32_t>(random.below(kTags));
      const float weight = static_cast<float>(random.below(4)) / 4;  // some are 0
      again += cells.contains({item, tag}) ? 1 : 0;
      cells[{item, tag}] = weight;
      builder.add(item, tag, weight);
    }
    std::erase_if(cells, [](const auto& cell) { return cell.second == 0.0F; });
    check(builder.build(kItems, kTags), cells);
    CHECK(builder.duplicates() == again);
  }
}

TEST_CASE("a tag matrix is built from entries in order", "[tag_builder]") {
  TagBuilder builder;
  Cells cells;
  for (std::uint32_t item = 3; item < kItems; item += 2) {
    for (std::uint32_t tag = item % 7; tag < kTags; tag += 5) {
      const float weight = tag % 3 == 0 ? 0.0F : 0.5F;
      builder.add(item, tag, weight);
      if (weight != 0.0F) {
        cells[{item, tag}] = weight;
      }
    }
  }
  check(builder.build(kItems, kTags), cells);
  CHECK(builder.duplicates() == 0);
}
