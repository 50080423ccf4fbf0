#include "balse/data/ratings_reader.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using balse::test::error_of;
using balse::test::TemporaryFolder;
using Catch::Contains;

namespace ratings_reader_test {
namespace {

// What was read, as user:item:value, and how.
struct Read {
  std::vector<std::string> rows;
  std::vector<std::uint64_t> dropped;
  ReadRatingsSummary summary;
};

Read read(const std::string& content, const ReadRatingsOptions& options = {}) {
  const TemporaryFolder folder;
  Read result;
  const Ratings ratings = read_ratings(folder.write("r.csv", content), options, result.summary);
  for (std::size_t k = 0; k < ratings.size(); ++k) {
    char value[32];
    std::snprintf(value, sizeof value, ":%g", ratings.value[k]);
    result.rows.push_back(std::string(ratings.users[ratings.user[k]]) + ':' +
                          std::string(ratings.items[ratings.item[k]]) + value);
  }
  result.dropped = ratings.dropped_rows;
  return result;
}

std::string message(const std::string& content, const ReadRatingsOptions& options = {}) {
  const Error error = error_of([&] { read(content, options); });
  CHECK(error.kind() == ErrorKind::bad_data);
  const std::string text = error.what();
  return text.substr(std::min(text.find("r.csv"), text.size()));
}

using Rows = std::vector<std::string>;
using Numbers = std::vector<std::uint64_t>;

const Rows kThree = {"a:x:1", "b:x:2.5", "a:y:3"};

}  // namespace

TEST_CASE("ratings come in every usual dress", "[ratings_reader]") {
  CHECK(read("a,x,1\nb,x,2.5\na,y,3\n").rows == kThree);
  CHECK(read("a\tx\t1\nb\tx\t2.5\na\ty\t3").rows == kThree);
  CHECK(read("a::x::1::978300760\nb::x::2.5::9\na::y::3::8\n").rows == kThree);
  CHECK(read("a;x;1\nb;x;2.5\na;y;3\n").rows == kThree);
  CHECK(read("a|x|1\nb|x|2.5\na|y|3\n").rows == kThree);
  CHECK(read("\xef\xbb\xbf"
             "user,item,rating\r\na,x,1\r\nb,x,2.5\r\na,y,3\r\n")
            .rows == kThree);
  CHECK(read("userId,movieId,rating,timestamp\na,x,1,7\nb,x,2.5,7\na,y,3,7\n").rows == kThree);
  CHECK(read("timestamp,Score,Anime_ID,USERNAME\n7,1,x,a\n7,2.5,x,b\n7,3,y,a\n").rows == kThree);
  CHECK(read("\n\na,x,1\n  \nb,x,2.5\n\t\na,y,3\n\n\n").rows == kThree);
  CHECK(read("\"a\",\"x\",1\n\"b\",x,\"2.5\"\na,\"y\",3\n").rows == kThree);
  CHECK(read("user, item, rating\na, x, 1\nb, x, 2.5\na, y, 3\n").rows == kThree);
  CHECK(read(R"("a,""b""",x y,1)").rows == Rows{R"(a,"b":x y:1)"});
}

TEST_CASE("headers are told from data", "[ratings_reader]") {
  CHECK(!read("a,x,1\n").summary.had_header);
  const Read with = read("user_id,work_id,choice\n1,2,like\n");
  CHECK(with.summary.had_header);
  CHECK(with.summary.rows == 1);
  CHECK(with.rows == Rows{"1:2:2"});
  CHECK(with.summary.scale.describe() == RatingScale::mangaki().describe());
  CHECK_THAT(message("uid,thing,stars\n1,2,3\n"),
             Contains("r.csv:1: no column is known to be the user") &&
                 Contains("\"uid\", \"thing\", \"stars\"") && Contains("header that names user"));
}

TEST_CASE("columns are found by the names that people give them", "[ratings_reader]") {
  for (const char* header :
       {"book_id,user_id,rating", "parent_asin,reviewerID,overall", "ISBN,User-ID,Book-Rating",
        "item_id:token,user_id:token,rating:float", "Product ID,Cust_Id,my_score"}) {
    INFO(header);
    const Read with = read(std::string(header) + "\nx,a,1\nx,b,2.5\ny,a,3\n");
    CHECK(with.rows == kThree);
    CHECK(with.summary.files.front().guess.empty());
  }
  CHECK(read(",user_id,anime_id,rating\n0,a,x,1\n1,b,x,2.5\n2,a,y,3\n").rows == kThree);
  const Read plain = read("a,x,1,99\nb,x,2.5,99\na,y,3,99\n");
  CHECK(plain.rows == kThree);
  CHECK_THAT(plain.summary.files.front().guess, Contains("no header") && Contains("of 4"));
}

TEST_CASE("spaces and tabs in any mixture part columns where nothing else does",
          "[ratings_reader]") {
  CHECK(read("a x 1\nb x 2.5\na y 3\n").rows == kThree);
  CHECK(read("a  x  1\nb \t x  2.5  \n  a y\t 3\n").rows == kThree);
  CHECK(read("user item rating\na x 1\nb x 2.5\na y 3\n").rows == kThree);
  CHECK(read("a b,x,1\n").rows == Rows{"a b:x:1"});
  CHECK_THAT(message("a x 1\nb x\n"),
             Contains("r.csv:2: missing column") && Contains("split at spaces and tabs"));
}

TEST_CASE("comments before the first row, and Excel's sep=, are no rows", "[ratings_reader]") {
  const Read commented = read("% bip weighted\n% 3 2 2\na\tx\t1\t7\nb\tx\t2.5\t7\na\ty\t3\t7\n");
  CHECK(commented.rows == kThree);
  CHECK(commented.summary.rows == 3);
  CHECK(read("# made up\n#\na,x,1\nb,x,2.5\na,y,3\n").rows == kThree);
  CHECK(read("#a,x,1\n#b,x,2.5\n").rows == Rows{"#a:x:1", "#b:x:2.5"});  // ids
  CHECK(read("sep=;\nuser;item;rating\na;x;1\nb;x;2.5\na;y;3\n").rows == kThree);
}

TEST_CASE("decimals may have commas where these part no columns", "[ratings_reader]") {
  const Read read_commas = read("user;item;rating\na;x;1\nb;x;2,5\na;y;3,0\n");
  CHECK(read_commas.rows == kThree);
  CHECK_THAT(read_commas.summary.files.front().guess, Contains("decimal comma"));
  CHECK(read("a;x;1,0\nb;x;2,5\na;y;3\n").rows == kThree);
  CHECK_THAT(message("user;item;rating\na;x;1,2,3\n"), Contains("r.csv:2: found \"1,2,3\""));
}

TEST_CASE("a row with more fields than the header is no row", "[ratings_reader]") {
  CHECK_THAT(message("user,item,rating\na,x,1,\nb,x,2,5\n"),
             Contains("r.csv:3: more fields than the 3 columns of the header"));
  CHECK(read("user,item,rating\na,x,1,\nb,x,2.5,, \na,y,3\n").rows == kThree);
  CHECK(read("user,item,rating,\na,x,1,\nb,x,2.5,9\na,y,3,\n").rows == kThree);
  CHECK(read("a,x,1,7\nb,x,2.5\na,y,3\n").rows == kThree);
}

TEST_CASE("a matrix is no list of ratings", "[ratings_reader]") {
  const std::string matrix = "1,2,3,4,5,6,7,8,9\n1,2,3,,5,6,7,8,9\n";
  CHECK_THAT(message(matrix), Contains("looks like a matrix") && Contains("9 columns"));
  ReadRatingsOptions options;
  options.columns = RatingColumns::parse("user=1,item=2,rating=3");
  CHECK(read(matrix, options).rows == Rows{"1:2:3"});
  CHECK(read("1,2,3,4,5,6,7,8,2020-01-01\n").rows == Rows{"1:2:3"});
}

TEST_CASE("R's row names are passed over", "[ratings_reader]") {
  const Read named = read(
      "\"user\",\"item\",\"rating\"\n\"1\",\"a\",\"x\",1\n\"2\",\"b\",\"x\",2.5\n"
      "\"3\",\"a\",\"y\",3\n");
  CHECK(named.rows == kThree);
  CHECK_THAT(named.summary.files.front().guess, Contains("row names"));
}

TEST_CASE("of two ratings the user's own counts", "[ratings_reader]") {
  const Read scored = read(
      "anime_id,Name,Score,user_id,rating\nx,T,8.8,a,1\nx,T,8.8,b,2.5\n"
      "y,U,7,a,3\n");
  CHECK(scored.rows == kThree);
  CHECK_THAT(scored.summary.files.front().guess,
             Contains("the rating is \"rating\", not \"Score\""));
  CHECK(read("item,rating,user,user_rating\nx,8,a,1\nx,8,b,2.5\ny,7,a,3\n").rows == kThree);
  CHECK_THAT(message("user,item,rating,stars\na,x,1,2\n"),
             Contains("two columns may be the rating: \"rating\" and \"stars\"") &&
                 Contains("--columns rating=rating"));
  ReadRatingsOptions options;
  options.columns = RatingColumns::parse("rating=stars");
  CHECK(read("user,item,rating,stars\na,x,9,1\nb,x,9,2.5\na,y,9,3\n", options).rows == kThree);
}

TEST_CASE("columns can be named by the header's names", "[ratings_reader]") {
  ReadRatingsOptions options;
  options.skip_bad_rows = true;
  const std::string text = ",uid,iid,points\n0,a,x,1\n1,b,x,2.5\n2,a,y,3\n";
  // What the columns are is never a bad row among others.
  CHECK_THAT(message(text, options),
             Contains("\"uid\"") && Contains("--columns user=uid,item=iid,rating=points"));
  options.columns = RatingColumns::parse("user=UID,item=iid,rating=points");
  CHECK(read(text, options).rows == kThree);
  options.columns = RatingColumns::parse("user=2,item=3,rating=points");
  CHECK(read(text, options).rows == kThree);
  options.columns = RatingColumns::parse("user=uid,item=thing,rating=points");
  CHECK_THAT(message(text, options), Contains("no column is called \"thing\""));
  CHECK_THAT(message("a,x,1\n", options),
             Contains("no column is called \"uid\"") && !Contains("is no rating"));
}

TEST_CASE("columns can be named", "[ratings_reader]") {
  ReadRatingsOptions options;
  options.columns = RatingColumns::parse("user=4,item=1,rating=3");
  CHECK(read("x,-,1,a\nx,-,2.5,b\ny,-,3,a\n", options).rows == kThree);
  CHECK(read("thing,?,points,who\nx,-,1,a\nx,-,2.5,b\ny,-,3,a\n", options).rows == kThree);
  // A misspelt rating in the first row is no header.
  CHECK_THAT(message("7,-,1O,5\n", options), Contains("r.csv:1: found \"1O\" as a rating"));
  for (const char* bad :
       {"", "user=", "user=1,item=2,rating=2", "user=0,item=1,rating=2", "user=x,item=x", "1,2,3",
        "user=1,user=2,rating=3", "user=1,item=2,rating=3,x=4",
        "user=1,item=2,rating=99999999999999999999"}) {
    INFO(bad);
    CHECK(error_of([&] { RatingColumns::parse(bad); }).kind() == ErrorKind::usage);
  }
}

TEST_CASE("a bad row is named with line, text and remedy", "[ratings_reader]") {
  CHECK_THAT(message("1,2,like\n1,3,lve\n"),
             Contains("r.csv:2: found \"lve\" as a rating; expected one of favorite, like") &&
                 Contains("--scale"));
  ReadRatingsOptions all_rated;
  all_rated.unrated = Unrated::parse("none");
  CHECK_THAT(message("1,2,3\n\n1,3,nan\n", all_rated), Contains("r.csv:3: found \"nan\""));
  CHECK_THAT(message("1,2,3\n1,3,inf\n"), Contains("r.csv:2: found \"inf\""));
  CHECK_THAT(message("1,2,3\n1,3,like\n"), Contains("expected a finite number"));
  CHECK_THAT(message("1,2,3\n1,3,\n", all_rated), Contains("found \"\" as a rating"));
  CHECK_THAT(message("1,2,3\n,3,4\n"), Contains("r.csv:2: an empty user id"));
  CHECK_THAT(message("1,2,3\n1,,4\n"), Contains("r.csv:2: an empty item id"));
  CHECK_THAT(message("1,2,3\n1,3\n"), Contains("r.csv:2: missing column: only 2 fields when split "
                                               "at commas"));
  CHECK_THAT(message("1 2\n"), Contains("r.csv:1: missing column") && Contains("--delimiter") &&
                                   Contains("--columns"));
  CHECK_THAT(message("1,2,3\n\"1,3,4\n"), Contains("r.csv:2: a quote that is not closed"));
  CHECK_THAT(message("1,2,3\n1,\"3\"x,4\n"), Contains("r.csv:2: text after a closing quote"));
  CHECK_THAT(message("user,item\n1,2\n"), Contains("r.csv:1: no column is known to be the rating"));
}

TEST_CASE("a file without ratings is no input", "[ratings_reader]") {
  CHECK_THAT(message(""), Contains("holds no ratings"));
  CHECK_THAT(message("\n\n"), Contains("holds no ratings"));
  CHECK_THAT(message("user,item,rating\n"), Contains("holds no ratings"));
  ReadRatingsOptions skip;
  skip.skip_bad_rows = true;
  CHECK_THAT(message("user,item,rating\n1,2,x\n1,2,y\n", skip),
             Contains("holds no ratings: 2 bad rows") && Contains(":2: found \"x\""));
}

TEST_CASE("bad rows can be skipped and are reported", "[ratings_reader]") {
  ReadRatingsOptions skip;
  skip.skip_bad_rows = true;
  const Read result = read("x\na,x,1\na,z,no\n\nb,x,2.5\n,,\na,y,3\n\"\n1\n2\n3\n", skip);
  CHECK(result.rows == kThree);
  CHECK(result.dropped == Numbers{0, 2, 4, 6, 7, 8, 9});
  CHECK(result.summary.rows == 10);
  CHECK(result.summary.bad_rows == 7);
  REQUIRE(result.summary.first_bad_rows.size() == 5);
  CHECK_THAT(result.summary.first_bad_rows[1], Contains("r.csv:3: found \"no\""));
  CHECK_THAT(result.summary.first_bad_rows[1], !Contains("--skip-bad-rows"));
}

TEST_CASE("ids of skipped rows are not known", "[ratings_reader]") {
  const TemporaryFolder folder;
  ReadRatingsOptions skip;
  skip.skip_bad_rows = true;
  ReadRatingsSummary summary;
  const Ratings ratings = read_ratings(folder.write("r.csv", "1,2,3\n8,9,x\n"), skip, summary);
  CHECK(!ratings.users.find("8"));
  CHECK(!ratings.items.find("9"));
}

TEST_CASE("a pair rated twice is settled as asked", "[ratings_reader]") {
  // Grouped by user, and not: these take different paths.
  const std::string grouped = "a,x,1\na,y,2\na,x,4\nb,x,5\na,x,10\nb,x,6\n";
  const std::string sorted = "a,x,1\na,y,2\na,x,4\na,x,10\nb,x,5\nb,x,6\n";
  ReadRatingsOptions options;
  CHECK(read(grouped, options).rows == Rows{"a:y:2", "a:x:10", "b:x:6"});
  CHECK(read(grouped, options).dropped == Numbers{0, 2, 3});
  CHECK(read(grouped, options).summary.duplicates == 3);
  CHECK(read(sorted, options).rows == Rows{"a:y:2", "a:x:10", "b:x:6"});
  CHECK(read(sorted, options).dropped == Numbers{0, 2, 4});
  options.duplicates = Duplicates::first;
  CHECK(read(grouped, options).rows == Rows{"a:x:1", "a:y:2", "b:x:5"});
  CHECK(read(grouped, options).dropped == Numbers{2, 4, 5});
  CHECK(read(sorted, options).dropped == Numbers{2, 3, 5});
  options.duplicates = Duplicates::mean;
  CHECK(read(grouped, options).rows == Rows{"a:x:5", "a:y:2", "b:x:5.5"});
  CHECK(read(grouped, options).dropped == Numbers{2, 4, 5});
  CHECK(read(sorted, options).rows == Rows{"a:x:5", "a:y:2", "b:x:5.5"});
}

TEST_CASE("a pair rated twice can be an error that names both lines", "[ratings_reader]") {
  ReadRatingsOptions options;
  options.duplicates = Duplicates::error;
  CHECK_THAT(message("user,item,rating\nz,x,1\n\n\na,x,1\nb,y,1\n\na,x,2\nz,x,3\n", options),
             Contains("r.csv:8: user \"a\" rates item \"x\" a second time, after line 5") &&
                 Contains("--duplicates"));
  CHECK(read("a,x,1\nb,x,2.5\na,y,3\n", options).rows == kThree);
}

TEST_CASE("duplicates and bad rows are dropped in one count", "[ratings_reader]") {
  ReadRatingsOptions skip;
  skip.skip_bad_rows = true;
  const Read result = read("a,x,1\na,x,bad\na,x,2\nb,x,bad\nb,x,1\nb,x,3\nb,x,bad\n", skip);
  CHECK(result.rows == Rows{"a:x:2", "b:x:3"});
  CHECK(result.dropped == Numbers{0, 1, 3, 4, 6});
  CHECK(result.summary.duplicates == 2);
  CHECK(result.summary.bad_rows == 3);
}

TEST_CASE("a scale of one's own", "[ratings_reader]") {
  ReadRatingsOptions options;
  options.scale = RatingScale::parse("up=1,down=-1");
  CHECK(read("a,x,up\nb,x,down\n", options).rows == Rows{"a:x:1", "b:x:-1"});
  CHECK_THAT(message("a,x,up\nb,x,like\n", options), Contains("one of up, down"));
  options.scale = RatingScale::numeric();
  CHECK_THAT(message("b,y,1\na,x,like\n", options), Contains("expected a finite number"));
  CHECK_THAT(message("a,x,like\n", options), Contains("\"like\" in column 3 is no rating"));
}

TEST_CASE("the delimiter can be given", "[ratings_reader]") {
  ReadRatingsOptions options;
  options.delimiter = " ";
  CHECK(read("a x 1\nb x 2.5\na y 3\n", options).rows == kThree);
  options.delimiter = ";";
  CHECK_THAT(message("a,x,1\n", options), Contains("split at semicolons"));
}

}  // namespace ratings_reader_test
