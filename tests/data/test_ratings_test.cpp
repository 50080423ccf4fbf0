// Ratings of a second file, which are tested.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/data/ratings_reader.hpp"
#include "balse/support/error.hpp"

#include "support/temporary_folder.hpp"

using namespace balse;

namespace test_ratings_test {
namespace {

struct Read {
  Ratings ratings;
  ReadRatingsSummary summary;
};

class TwoFiles {
 public:
  TwoFiles(const std::string& train, const std::string& test)
      : train_(folder_.write("train.csv", train)), test_(folder_.write("test.csv", test)) {}

  Read read(ReadRatingsOptions options = {}) const {
    Read result;
    options.test_paths = {test_};
    result.ratings = read_ratings(train_, options, result.summary);
    return result;
  }

  std::string error(const ReadRatingsOptions& options = {}) const {
    try {
      read(options);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::bad_data);
      return error.what();
    }
    return "none";
  }

 private:
  test::TemporaryFolder folder_;
  std::string train_;
  std::string test_;
};

}  // namespace

TEST_CASE("test ratings come after the others, with ids of their own", "[ratings]") {
  const TwoFiles files("user,item,rating\na,x,4\nb,x,3\n", "a\ty\t5\nc\tx\t1\n");
  const Read read = files.read();
  CHECK(read.summary.test_begin == 2);
  CHECK(read.ratings.value == std::vector<float>{4, 3, 5, 1});
  CHECK(read.ratings.users.size() == 3);
  CHECK(read.ratings.items.size() == 2);
  REQUIRE(read.summary.files.size() == 2);
  CHECK_FALSE(read.summary.files[0].is_test);
  CHECK(read.summary.files[1].is_test);
}

TEST_CASE("where the test ratings begin is known when rows are left out", "[ratings]") {
  const TwoFiles files("a,x,4\na,x,5\nb,x,0\nc,x,nix\nb,y,3\n", "a,y,0\na,y,2\na,y,1\nb,z,5\n");
  ReadRatingsOptions options;
  options.skip_bad_rows = true;
  options.unrated = Unrated::parse("0");
  const Read read = files.read(options);
  CHECK(read.ratings.value == std::vector<float>{5, 3, 1, 5});
  CHECK(read.summary.test_begin == 2);
  CHECK(read.summary.duplicates == 2);
}

TEST_CASE("what is trained on is not tested", "[ratings]") {
  const TwoFiles files("user,item,rating\na,x,4\n\nb,x,3\nb,y,3\n",
                       "user,item,rating\na,z,5\nb,y,1\na,x,1\nb,y,2\n");
  for (const Duplicates duplicates : {Duplicates::last, Duplicates::mean, Duplicates::error}) {
    ReadRatingsOptions options;
    options.duplicates = duplicates;
    CHECK_THAT(files.error(options),
               Catch::Contains("test.csv:3: user \"b\" rates item \"y\", as line 5 of ") &&
                   Catch::Contains("train.csv does; 3 rows test what is trained on"));
  }
}

TEST_CASE("lines are right after rows that were left out", "[ratings]") {
  const TwoFiles files("b,x,4\na,x,nix\na,z,0\nb,x,5\nb,y,3\n", "a,x,0\nc,x,1\nb,y,2\n");
  ReadRatingsOptions options;
  options.skip_bad_rows = true;
  options.unrated = Unrated::parse("0");
  CHECK_THAT(files.error(options), Catch::Contains("test.csv:3: user \"b\" rates item \"y\", as "
                                                   "line 5 of ") &&
                                       Catch::Contains("; 1 row tests what"));
}

TEST_CASE("a rating and a row without one are no leak", "[ratings]") {
  const TwoFiles files("a,x,0\nb,x,4\n", "a,x,5\n");
  ReadRatingsOptions options;
  options.unrated = Unrated::parse("0");
  const Read read = files.read(options);
  CHECK(read.ratings.size() == 2);
  CHECK(read.summary.test_begin == 1);
}

TEST_CASE("either side needs a rating", "[ratings]") {
  const std::string header = "user,item,rating\n";
  CHECK_THAT(TwoFiles(header + "a,x,1\n", header).error(),
             Catch::Contains("test.csv: has no rating to test"));
  CHECK_THAT(TwoFiles(header, header + "a,x,1\n").error(),
             Catch::Contains("train.csv: has no rating to train on"));
}

TEST_CASE("how many ratings have no time is known", "[ratings]") {
  const test::TemporaryFolder folder;
  ReadRatingsOptions options;
  options.times = true;
  ReadRatingsSummary summary;
  const auto read = [&](const std::string& text) {
    return read_ratings(folder.write("r.csv", text), options, summary);
  };
  CHECK(read("user,item,rating,timestamp\na,x,1,5\na,y,1,6\n").time ==
        std::vector<std::int64_t>{5, 6});
  CHECK(summary.without_time == 0);
  CHECK(read("user,item,rating,timestamp\na,x,1,5\na,y,1,\n").time.empty());
  CHECK(summary.without_time == 1);
  CHECK(read("user,item,rating\na,x,1\na,y,1\n").time.empty());
  CHECK(summary.without_time == 2);
}

}  // namespace test_ratings_test
