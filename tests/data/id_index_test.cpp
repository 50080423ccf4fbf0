#include "balse/data/id_index.hpp"

#include <string>
#include <unordered_map>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

using namespace balse;

TEST_CASE("ids get the numbers that an unordered_map would give them", "[id_index]") {
  Random random(7);
  IdIndex index;
  std::unordered_map<std::string, std::uint32_t> expected;
  std::vector<std::string> in_order;
  for (int round = 0; round < 200'000; ++round) {
    std::string id;
    switch (random.below(4)) {
      case 0:
        id = std::to_string(random.below(20'000));
        break;
      case 1:  // same bytes but for their number
        id.assign(random.below(40), 'a');
        break;
      case 2:  // zero bytes: padding must not make them equal
        id.assign(random.below(20), '\0');
        break;
      default:
        id.assign(random.below(300), static_cast<char>('a' + random.below(26)));
    }
    const auto [place, is_new] = expected.emplace(id, static_cast<std::uint32_t>(expected.size()));
    REQUIRE(index.find(id).has_value() == !is_new);
    REQUIRE(index.insert(id) == place->second);
    if (is_new) {
      in_order.push_back(id);
    }
  }
  REQUIRE(index.size() == expected.size());
  for (std::uint32_t i = 0; i < in_order.size(); ++i) {
    REQUIRE(index[i] == in_order[i]);
    REQUIRE(index.find(in_order[i]) == i);
  }
}

TEST_CASE("an empty index knows no id, and the empty id is an id", "[id_index]") {
  IdIndex index;
  CHECK(index.size() == 0);
  CHECK(!index.find(""));
  CHECK(index.insert("") == 0);
  CHECK(index.find("") == 0U);
  CHECK(!index.find("a"));
  CHECK(index.insert(std::string(1 << 20, 'x')) == 1);
  CHECK(index.insert("") == 0);
  CHECK(index[1].size() == 1 << 20);
}
