// Every real file reads as its description says, or as awk counts it.

#include <string>

#include <catch2/catch.hpp>

#include "balse/data/ratings_reader.hpp"
#include "balse/data/tags_reader.hpp"
#include "balse/data/works_reader.hpp"

#include "parity/shared_data.hpp"

using namespace balse;
using balse::test::shared_path;

namespace {

struct Facts {
  const char* path;
  std::size_t ratings;
  std::size_t users;
  std::size_t items;
  bool header;
  const char* delimiter;
  bool numeric;
};

void check(const Facts& facts) {
  INFO(facts.path);
  ReadRatingsSummary summary;
  const Ratings ratings = read_ratings(shared_path(facts.path), {}, summary);
  CHECK(ratings.size() == facts.ratings);
  CHECK(summary.rows == facts.ratings);
  CHECK(ratings.dropped_rows.empty());
  CHECK(ratings.users.size() == facts.users);
  CHECK(ratings.items.size() == facts.items);
  CHECK(summary.had_header == facts.header);
  CHECK(summary.delimiter == facts.delimiter);
  CHECK(summary.scale.is_numeric() == facts.numeric);
}

Tags tags_of(const char* path) {
  ReadTagsSummary summary;
  Tags tags = read_tags(shared_path(path), {}, summary);
  CHECK(summary.duplicates == 0);
  CHECK(summary.rows == tags.matrix.tag.size());
  return tags;
}

}  // namespace

TEST_CASE("real rating files are read whole", "[reading]") {
  BALSE_NEEDS_SHARED_DATA();
  check({"data/mal-caserec/ratings.csv", 419'943, 4'714, 7'157, true, ",", true});
  check({"data/ml-100k/u.data", 100'000, 943, 1'682, true, "\t", true});
  check({"data/ml-latest-small/ratings.csv", 100'836, 610, 9'724, true, ",", true});
  check({"data/mangaki/ratings_mini.csv", 439, 323, 354, false, ",", false});
  check({"data/mangaki/ml-ratings-like-dislike.csv", 99'855, 668, 9'800, false, ",", true});
  check({"reference/mangaki-shaped/ratings.csv", 334'390, 2'079, 9'979, true, ",", false});
}

TEST_CASE("real tag files are read whole", "[reading]") {
  BALSE_NEEDS_SHARED_DATA();
  const Tags mangaki = tags_of("reference/mangaki-shaped/tags.csv");
  CHECK(mangaki.matrix.tag.size() == 210'009);
  CHECK(mangaki.names.size() == 503);
  const Tags genres = tags_of("data/mal-caserec/tags.csv");
  CHECK(genres.names.size() == 43);
}

TEST_CASE("real titles are read whole", "[reading]") {
  BALSE_NEEDS_SHARED_DATA();
  ReadWorksSummary summary;
  const Works mangaki = read_works(shared_path("data/mangaki/works.csv"), {}, summary);
  CHECK(summary.rows == 9'189);
  CHECK(mangaki.titles.size() == 9'189);
  CHECK(!summary.had_header);
  CHECK(mangaki.titles[0] == "Death Note");
  const Works mal = read_works(shared_path("data/mal-caserec/works.csv"), {}, summary);
  CHECK(summary.had_header);
  CHECK(mal.titles[1] == "Fullmetal Alchemist: Brotherhood");
  CHECK(mal.categories[0] == "Movie");
  const Works movies = read_works(shared_path("data/ml-latest-small/movies.csv"), {}, summary);
  CHECK(movies.items.size() == 9'742);
}

TEST_CASE("real files that are no UTF-8 say so", "[reading]") {
  BALSE_NEEDS_SHARED_DATA();
  ReadWorksSummary works;
  CHECK_THROWS_WITH(read_works(shared_path("data/ml-100k/u.item"), {}, works),
                    Catch::Contains("iconv -f latin1 -t utf-8"));
}

TEST_CASE("what users called films is the share of them who did", "[reading]") {
  BALSE_NEEDS_SHARED_DATA();
  ReadTagsSummary summary;
  const Tags tags = read_tags(shared_path("data/ml-latest-small/tags.csv"), {}, summary);
  CHECK(summary.rows == 3683);
  CHECK(tags.matrix.weight.size() == 3579);  // all of these as Python's csv module counts them
  CHECK(tags.names.size() == 1589);
  CHECK(tags.items.size() == 1572);
  double sum = 0.0;
  for (const float weight : tags.matrix.weight) {
    sum += weight;
  }
  CHECK(sum == Approx(2898.13333333334).epsilon(1e-6));
}
