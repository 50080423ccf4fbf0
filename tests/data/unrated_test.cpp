// What is taken for "seen, but not rated".

#include "balse/data/unrated.hpp"

#include <vector>

#include <catch2/catch.hpp>

#include "balse/data/ratings_reader.hpp"
#include "balse/support/error.hpp"

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace {

using Values = std::vector<float>;

Values guess(const Values& ratings, bool zero_is_rating = false) {
  bool zero = false;
  Values unrated = guess_unrated(ratings, zero);
  CHECK(zero == zero_is_rating);
  return unrated;
}

struct Read {
  Ratings ratings;
  ReadRatingsSummary summary;
};

Read read(const std::string& text, const std::string& unrated,
          Duplicates duplicates = Duplicates::last) {
  const TemporaryFolder folder;
  ReadRatingsOptions options;
  options.unrated = Unrated::parse(unrated);
  options.duplicates = duplicates;
  Read result;
  result.ratings = read_ratings(folder.write("ratings.csv", text), options, result.summary);
  return result;
}

}  // namespace

TEST_CASE("-1 is no rating where the others are a scale of their own", "[unrated]") {
  CHECK(guess({-1, 8, -1, 10, 7, 6, 3, 9}) == Values{-1});
  CHECK(guess({-1, 0.5, 5, 3.5}) == Values{-1});
  CHECK(guess({-1, 0, 1, 2, 3, 4, 5}, true) == Values{-1});
  CHECK(guess({-1, 0, 7, 9, 10}) == Values{-1, 0});
  // Scales that have -1.
  CHECK(guess({-1, 1, 1, -1}).empty());
  CHECK(guess({-1, 0, 1, 2}).empty());
  CHECK(guess({-2, -1, 0, 1, 2, 5}).empty());
  CHECK(guess({-1, -0.5, 4}).empty());
}

TEST_CASE("0 is no rating where a gap parts it from whole numbers", "[unrated]") {
  CHECK(guess({9, 7, 0, 0, 10, 4}) == Values{0});
  CHECK(guess({0, 0, 0, 0, 1, 2, 3, 4, 5}) == Values{0});  // more than three times the ones
  CHECK(guess({0, 5}) == Values{0});
  CHECK(guess({0, 0, 1, 2, 3, 4, 5, 6}, true).empty());
  CHECK(guess({0, 0.5, 1, 3.5, 5}, true).empty());
  CHECK(guess({0, 1, 0, 1}).empty());
  CHECK(guess({0, 20, 40, 60, 80, 100}, true).empty());
  CHECK(guess({0, 2, 4}, true).empty());
  CHECK(guess({0, 0, 8, 6, 9.5}) == Values{0});
  CHECK(guess({0, 85, 70, 95.5}) == Values{0});
  CHECK(guess({0, 3.5, 2.5, 4.5}, true).empty());
  CHECK(guess({-1, -1}) == Values{-1});
  CHECK(guess({0, 0}).empty());
  CHECK(guess({1, 2, 5}).empty());
  CHECK(guess({}).empty());
}

TEST_CASE("more different ratings than a scale has are left alone", "[unrated]") {
  Values many = {0};
  for (int k = 2; k < 1200; ++k) {
    many.push_back(static_cast<float>(k));
  }
  CHECK(guess(many).empty());
}

TEST_CASE("a missing rating is none where that is said", "[unrated][ratings]") {
  const std::string text = "user,item,rating\na,x,5\na,y,\nb,x,NaN\nb,y,\\N\nb,z,3\nb,w,-1\n";
  const Read found = read(text, "auto,missing");
  CHECK(found.ratings.value == Values{5, 3});
  CHECK(found.summary.unrated.rows == 4);
  CHECK(found.summary.unrated.values == std::vector<std::string>{"no rating", "NaN", "\\N", "-1"});
  CHECK(found.ratings.dropped_rows == std::vector<std::uint64_t>{1, 2, 3, 5});
  CHECK(read(text, "missing").ratings.value == Values{5, 3, -1});
  for (const char* unrated : {"auto", "none", "0"}) {
    const Error error = error_of([&] { read(text, unrated); });
    CHECK(error.parts().line == 3);
    CHECK(error.parts().hint.starts_with("--unrated=auto,missing"));
  }
}

TEST_CASE("unrated rows leave nothing behind but their count", "[unrated][ratings]") {
  const std::string text = "user,item,rating\na,x,-1\nb,y,8\nb,z,-1\nc,y,6\n";
  const Read rated = read(text, "auto");
  CHECK(rated.ratings.value == Values{8, 6});
  CHECK(rated.ratings.users.size() == 2);
  CHECK(rated.ratings.items.size() == 1);
  CHECK(rated.ratings.users[rated.ratings.user[1]] == "c");
  CHECK(rated.ratings.dropped_rows == std::vector<std::uint64_t>{0, 2});
  CHECK(rated.summary.unrated.rows == 2);
  CHECK(rated.summary.unrated.guessed);
  CHECK(read(text, "none").ratings.size() == 4);
  const Read named = read(text, "-1.0,6");
  CHECK(named.ratings.value == Values{8});
  CHECK(named.summary.unrated.rows == 3);
  CHECK_FALSE(named.summary.unrated.guessed);
  CHECK(named.ratings.dropped_rows == std::vector<std::uint64_t>{0, 2, 3});
}

TEST_CASE("a later 0 does not take a rating back", "[unrated][ratings]") {
  const std::string text = "user,item,rating\na,x,9\na,x,0\nb,x,7\n";
  const Read last = read(text, "auto");
  CHECK(last.ratings.value == Values{9, 7});
  CHECK(last.summary.duplicates == 0);
  CHECK_THROWS_WITH(read(text, "auto", Duplicates::error), Contains("line 3") || Contains(":3"));
}

TEST_CASE("words can be unrated where they are named", "[unrated][ratings]") {
  const Read read_words = read("a,x,like\na,y,willsee\nb,x,wontsee\n", "willsee,wontsee");
  CHECK(read_words.ratings.size() == 1);
  CHECK(read_words.summary.unrated.rows == 2);
  CHECK_THROWS_WITH(read("a,x,0\n", "0"), Contains("nothing but 1 unrated row"));
  CHECK_THROWS_AS(Unrated::parse("0,,1"), Error);
  CHECK_THROWS_AS(Unrated::parse(""), Error);
}
