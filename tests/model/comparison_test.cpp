#include "balse/model/comparison.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace balse;

namespace {

IdIndex ids(const std::vector<std::string>& names) {
  IdIndex index;
  for (const std::string& name : names) {
    index.insert(name);
  }
  return index;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Ratings ratings_of(const Pairs& pairs) {
  Ratings ratings;
  for (const auto& [user, item] : pairs) {
    ratings.user.push_back(ratings.users.insert(user));
    ratings.item.push_back(ratings.items.insert(item));
    ratings.value.push_back(1.0F);
  }
  return ratings;
}

/// A model that knows who rated what, and nothing else.
struct Remembered {
  explicit Remembered(const Pairs& pairs) {
    const Ratings ratings = ratings_of(pairs);
    model.users = ratings.users;
    model.items = ratings.items;
    for (std::uint32_t user = 0; user < model.users.size(); ++user) {
      for (std::uint32_t item = 0; item < model.items.size(); ++item) {
        for (std::size_t k = 0; k < ratings.size(); ++k) {
          if (ratings.user[k] == user && ratings.item[k] == item) {
            rated.push_back(item);
          }
        }
      }
      start.push_back(rated.size());
    }
    model.rated_start = start;
    model.rated_item = rated;
  }

  std::vector<std::uint64_t> start = {0};
  std::vector<std::uint32_t> rated;
  TrainedModel model;
};

Pairs swapped(Pairs pairs) {
  for (auto& [user, item] : pairs) {
    std::swap(user, item);
  }
  return pairs;
}

/// Users and items that are numbers from 1 on.
Pairs numbers() {
  Pairs pairs;
  for (int user = 1; user <= 20; ++user) {
    for (int item = 1; item <= 30; ++item) {
      if ((user * 7 + item * 11) % 5 == 0) {
        pairs.emplace_back(std::to_string(user), std::to_string(item));
      }
    }
  }
  return pairs;
}

}  // namespace

TEST_CASE("an overlap is of the shorter list, of the first, of both", "[comparison]") {
  const Overlap some = overlap(ids({"a", "b", "c", "d"}), ids({"c", "d", "e", "f", "g", "h"}));
  CHECK(some.common == 2);
  CHECK(some.of_shorter() == 0.5);
  CHECK(some.of_first() == 0.5);
  CHECK(some.of_both() == 0.25);
  const Overlap none = overlap(ids({}), ids({"a"}));
  CHECK(none.of_shorter() == 0.0);
  CHECK(none.of_first() == 0.0);
  CHECK(overlap(ids({}), ids({})).of_both() == 0.0);
}

TEST_CASE("swapped columns are seen by what a model knows", "[comparison]") {
  const Pairs named = {{"ann", "x"}, {"ann", "y"}, {"bob", "y"}, {"cid", "z"}, {"cid", "x"}};
  for (const Pairs& pairs : {named, numbers()}) {
    const Remembered old(pairs);
    CHECK(looks_swapped(ratings_of(swapped(pairs)), old.model));
    CHECK_FALSE(looks_swapped(ratings_of(pairs), old.model));
    // A day later half of it is new.
    Pairs later(pairs.begin() + static_cast<std::ptrdiff_t>(pairs.size() / 2), pairs.end());
    later.emplace_back("dan", "new");
    CHECK_FALSE(looks_swapped(ratings_of(later), old.model));
  }
  CHECK_FALSE(looks_swapped(ratings_of({{"other", "site"}}), Remembered(named).model));
  // Users who rate each other.
  const Pairs mutual = {{"ann", "bob"}, {"bob", "ann"}, {"ann", "cid"}, {"cid", "ann"}};
  CHECK_FALSE(looks_swapped(ratings_of(mutual), Remembered(mutual).model));
}

TEST_CASE("swapped columns are seen by a list of items", "[comparison]") {
  const IdIndex items = ids({"x", "y", "z", "new"});
  const Pairs named = {{"ann", "x"}, {"ann", "y"}, {"bob", "y"}, {"cid", "z"}, {"cid", "x"}};
  CHECK(looks_swapped(ratings_of(swapped(named)), items));
  CHECK_FALSE(looks_swapped(ratings_of(named), items));
  CHECK_FALSE(looks_swapped(ratings_of({{"other", "site"}}), items));
  // Numbers: where the list is the list of users, but not where it has users and items alike.
  IdIndex catalogue;
  for (int item = 1; item <= 60; ++item) {
    catalogue.insert(std::to_string(item));
  }
  Pairs pairs;
  for (int k = 1; k <= 60; ++k) {
    pairs.emplace_back(std::to_string(k % 10 + 1), std::to_string(k));
  }
  CHECK_FALSE(looks_swapped(ratings_of(pairs), catalogue));
  CHECK(looks_swapped(ratings_of(swapped(pairs)), catalogue));
  for (int item = 61; item <= 1000; ++item) {
    catalogue.insert(std::to_string(item));
  }
  CHECK_FALSE(looks_swapped(ratings_of(pairs), catalogue));
  CHECK_FALSE(looks_swapped(ratings_of(swapped(pairs)), catalogue));
}

TEST_CASE("items with tags are counted among the rated ones", "[comparison]") {
  TagMatrix tags;
  tags.start = {0, 1, 1, 3, 4};
  tags.tag = {0, 0, 1, 1};
  tags.weight = {1.0F, 1.0F, 1.0F, 1.0F};
  tags.tag_count = 2;
  CHECK(items_with_tags(tags) == 3);
  TrainedModel model;
  CHECK(rated_items_with_tags(model) == 0);
  const std::vector<std::uint32_t> counts = {5, 1, 2};  // nobody has rated the fourth
  model.data.means.item_count = counts;
  CHECK(rated_items_with_tags(model) == 0);
  model.data.tags = tags;
  CHECK(rated_items_with_tags(model) == 2);
}
