// The forms in which people have their data, as the folder of cases says: each is read as its
// owner would, or refused.

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/data/data_set_facts.hpp"
#include "balse/data/ratings_reader.hpp"
#include "balse/data/tags_reader.hpp"
#include "balse/data/works_reader.hpp"

#include "parity/shared_data.hpp"
#include "support/errors.hpp"
#include "support/tag_rows.hpp"

using namespace balse;
using balse::test::error_of;
using balse::test::shared_path;
using Catch::Matchers::Contains;

namespace {

const std::string kRatingCases = "cases/ratings/";

struct Case {
  const char* file;
  std::size_t kept;
  double mean;
  std::uint64_t unrated = 0;
  const char* guess = "";  // part of what is said; nothing is where it is empty
};

void check_case(const Case& expected, const ReadRatingsOptions& options = {}) {
  INFO(expected.file);
  ReadRatingsSummary summary;
  const Ratings ratings = read_ratings(shared_path(kRatingCases + expected.file), options, summary);
  const RatingFacts facts = facts_of(ratings);
  CHECK(facts.count == expected.kept);
  CHECK(std::abs(facts.mean - expected.mean) < 5e-5);
  CHECK(summary.unrated.rows == expected.unrated);
  const std::string& guess = summary.files.at(0).guess;
  if (std::string(expected.guess).empty()) {
    CHECK(guess.empty());
  } else {
    CHECK_THAT(guess, Contains(expected.guess));
  }
}

std::string refusal(const std::string& file, const ReadRatingsOptions& options = {}) {
  const Error error = error_of([&] {
    ReadRatingsSummary summary;
    read_ratings(shared_path(kRatingCases + file), options, summary);
  });
  CHECK(error.kind() == ErrorKind::bad_data);
  return error.what();
}

std::vector<std::string> rows_of_tags(const std::string& path) {
  ReadTagsSummary summary;
  return test::tag_rows(read_tags(shared_path("cases/tags/" + path), {}, summary));
}

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("rating files are read as people have them", "[cases]") {
  BALSE_NEEDS_SHARED_DATA();
  check_case({"kaggle-anime.csv", 5, 8.0, 3});
  check_case({"animelist-2020.csv", 4, 7.5, 2});
  check_case({"book-crossing.csv", 3, 14.0 / 3, 2});
  check_case({"merged.csv", 3, 20.0 / 3, 0, "the rating is \"rating\", not \"Score\""});
  check_case({"merged-members.csv", 3, 20.0 / 3, 0, "the rating is \"user_rating\""});
  check_case({"goodbooks.csv", 3, 4.0});
  check_case({"amazon-2023.csv", 3, 11.0 / 3});
  check_case({"recbole.inter", 3, 7.0 / 3});
  check_case({"amazon-2014.csv", 3, 11.0 / 3, 0, "no header"});
  check_case({"amazon-reviews.jsonl", 3, 11.0 / 3});
  check_case({"filmtrust.txt", 4, 2.5});
  check_case({"two-spaces.txt", 3, 9.5 / 3});
  check_case({"konect.tsv", 3, 9.5 / 3, 0, "spaces part columns, too"});
  check_case({"r-write-table.csv", 3, 10.0 / 3, 0, "row names"});
  check_case({"pandas-index.csv", 3, 4.0});
  check_case({"multi-line-reviews.csv", 3, 19.0 / 3});
  check_case({"netflix.txt", 3, 4.0});
  check_case({"excel-semicolon.csv", 3, 8.0 / 3, 0, "decimal comma"});
  check_case({"cr-only.csv", 3, 4.0});
  check_case({"six-columns.txt", 3, 17.0 / 3, 0, "no header"});
  check_case({"mal-export.xml", 2, 6.5, 2});
  check_case({"mal-export.xml.gz", 2, 6.5, 2});
  check_case({"anilist.json", 2, 6.0, 1});
  ReadRatingsOptions none;
  none.unrated = Unrated::parse("none");
  check_case({"kaggle-anime.csv", 8, (8 + 10 + 7 + 6 + 9 - 3) / 8.0}, none);
}

TEST_CASE("MyAnimeList's lists are Mangaki's words where those are asked for", "[cases]") {
  BALSE_NEEDS_SHARED_DATA();
  ReadRatingsOptions options;
  options.scale = RatingScale::mangaki();
  check_case({"mal-export.xml", 4, 0.5}, options);
  check_case({"mal-manga-export.xml", 2, 1.25}, options);
  ReadRatingsSummary summary;
  const Ratings both = read_ratings({shared_path(kRatingCases + "mal-export.xml"),
                                     shared_path(kRatingCases + "mal-manga-export.xml")},
                                    options, summary);
  CHECK(both.size() == 6);
  CHECK(both.users.size() == 2);
  CHECK(both.users.find("somebody").has_value());
  CHECK(both.items.find("manga:11").has_value());
  const auto item = summary.works.items.find("20");
  REQUIRE(item.has_value());
  CHECK(summary.works.titles[*item] == "Long Road & Home");
}

TEST_CASE("rating files that nobody can understand are refused", "[cases]") {
  BALSE_NEEDS_SHARED_DATA();
  ReadRatingsOptions skip;
  skip.skip_bad_rows = true;
  for (const ReadRatingsOptions& options : {ReadRatingsOptions(), skip}) {
    CHECK_THAT(refusal("pandas-index-unknown.csv", options),
               Contains("\"uid\", \"iid\", \"stars\"") &&
                   Contains("--columns user=uid,item=iid,rating=stars"));
    CHECK_THAT(refusal("unknown-header.csv", options),
               Contains("--columns user=member,item=work,rating=stars"));
    CHECK_THAT(refusal("wide-matrix.csv", options), Contains("looks like a matrix"));
  }
  CHECK_THAT(refusal("decimal-comma-in-commas.csv"), Contains("decimal-comma-in-commas.csv:2: "));
}

TEST_CASE("a value far from all others is named with its line", "[cases]") {
  BALSE_NEEDS_SHARED_DATA();
  ReadRatingsSummary summary;
  CHECK(read_ratings(shared_path(kRatingCases + "outliers.csv"), {}, summary).size() == 36);
  REQUIRE(summary.outliers.size() == 1);
  CHECK(summary.outliers[0].line == 37);
  CHECK(summary.outliers[0].value == 1e6F);
  CHECK(summary.outliers[0].rest_low >= 1.0F);
  CHECK(summary.outliers[0].rest_high <= 10.0F);
}

TEST_CASE("times are kept where they are asked for", "[cases]") {
  BALSE_NEEDS_SHARED_DATA();
  ReadRatingsOptions options;
  options.times = true;
  ReadRatingsSummary summary;
  const auto times = [&](const std::string& file) {
    return read_ratings(shared_path(kRatingCases + file), options, summary).time;
  };
  using Times = std::vector<std::int64_t>;
  CHECK(times("timestamped.csv") == Times{1112486027, 1112484676, 1112484819});
  CHECK(times("amazon-2023.csv") == Times{1588687728, 1588687728, 1588687729});
  CHECK(times("netflix.txt") == Times{1125964800, 1115942400, 1129680000});
  CHECK(times("recbole.inter").size() == 3);
  CHECK(times("cr-only.csv").empty());
}

TEST_CASE("tag files are read as people and taggers have them", "[cases]") {
  BALSE_NEEDS_SHARED_DATA();
  CHECK(rows_of_tags("movies-pipe.csv") ==
        Rows{"1: Adventure=1 Children=1 Fantasy=1", "2: Adventure=1", "3:"});
  CHECK(rows_of_tags("anime-commas.csv") ==
        Rows{"20: Action=1 Drama=1 Sci-Fi=1", "24: Drama=1", "79:"});
  CHECK(rows_of_tags("pairs.csv") == Rows{"20: sword=1 ponytail=1", "24: sword=1"});
  CHECK(rows_of_tags("movielens-tags.csv") == Rows{"20: funny=1 sword fight=0.5", "24: ocean=1"});
  CHECK(rows_of_tags("dummies.csv") == Rows{"20: Action=1 Sci-Fi=1", "24: Drama=1", "79:"});
  CHECK(rows_of_tags("dummies-with-text.csv") == Rows{"20: Action=1", "24: Drama=1"});
  CHECK(rows_of_tags("rank-100.csv") == Rows{"20: Swordplay=0.94 Tragedy=0.62", "24: Ocean=1"});
  CHECK(rows_of_tags("anilist-tags.json") ==
        Rows{"20: Action=1 Swordplay=0.94 Tragedy=0.62", "24: Ocean=1"});
  CHECK(rows_of_tags("sidecars") ==
        Rows{"20: 1girl=1 long hair=1 holding sword=1 :d=1", "24: no humans=1 ocean=1 (o)=1"});
  CHECK(rows_of_tags("wd14.csv") ==
        Rows{"20: 1girl=1 long hair=1 holding sword=1", "24: no humans=1 ocean=1"});
  CHECK(rows_of_tags("deepdanbooru.txt") ==
        Rows{"20: 1girl=0.972 long hair=0.871", "24: no humans=0.993 ocean=0.5"});
  CHECK(rows_of_tags("own.jsonl") == Rows{"20: 1girl=0.972 long hair=0.871", "24: ocean=0.5"});
}

TEST_CASE("works are found by the ids that are rated", "[cases]") {
  BALSE_NEEDS_SHARED_DATA();
  IdIndex rated;
  rated.insert("20");
  rated.insert("24");
  const auto title = [&](const std::string& file, const std::string& item) {
    ReadWorksOptions options;
    options.rated = &rated;
    ReadWorksSummary summary;
    const Works works = read_works(shared_path("cases/works/" + file), options, summary);
    const auto index = works.items.find(item);
    return index ? works.titles[*index] : "none";
  };
  CHECK(title("goodbooks.csv", "20") == "Long Road, The");
  CHECK(title("anime-titles.csv", "24") == "Umi");
  CHECK(title("tsv-quotes.tsv", "1686") == "\"Weird Al\" Band");
  CHECK(title("tsv-quotes.tsv", "20") == "Long \"Road\"");
}
