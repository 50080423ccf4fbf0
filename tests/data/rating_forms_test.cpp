// Ratings that are not rows of one line between commas.

#include <cmath>
#include <lzma.h>
#include <string>
#include <vector>
#include <zstd.h>

#include <catch2/catch.hpp>

#include "balse/data/ratings_reader.hpp"

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace rating_forms_test {
namespace {

ReadRatingsSummary summary;

/// "user item value" of each.
std::vector<std::string> rows_of(const Ratings& ratings) {
  std::vector<std::string> rows;
  for (std::size_t k = 0; k < ratings.size(); ++k) {
    char value[32];
    std::snprintf(value, sizeof value, " %g", ratings.value[k]);
    rows.push_back(std::string(ratings.users[ratings.user[k]]) + ' ' +
                   std::string(ratings.items[ratings.item[k]]) + value);
  }
  return rows;
}

std::vector<std::string> read(const std::string& content, const ReadRatingsOptions& options = {},
                              const std::string& name = "r") {
  const TemporaryFolder folder;
  return rows_of(read_ratings(folder.write(name, content), options, summary));
}

std::string message(const std::string& content, const ReadRatingsOptions& options = {}) {
  const Error error = error_of([&] { read(content, options); });
  CHECK(error.kind() == ErrorKind::bad_data);
  const std::string text = error.what();
  return text.substr(text.find("/r") + 1);
}

using Rows = std::vector<std::string>;

const Rows kThree = {"a x 5", "a y 3", "b x 1"};

ReadRatingsOptions skipping() {
  ReadRatingsOptions options;
  options.skip_bad_rows = true;
  return options;
}

}  // namespace

TEST_CASE("a quoted field may go on in the next lines", "[rating_forms]") {
  CHECK(read("user,item,rating,text\na,x,5,\"so\nb,z,9,\ngood\"\na,y,3,\nb,x,1,\"\"\"\n\"\"\"\n") ==
        kThree);
  CHECK(summary.rows == 3);
  CHECK(read("text,user,item,rating\n\"one\r\n\r\ntwo\",a,x,5\r\n,a,y,3\r\n-,b,x,1\r\n") == kThree);
  // Lines are those of the file.
  CHECK_THAT(message("user,item,rating,text\na,x,5,\"so\n\ngood\"\na,y,?\n"),
             Contains("r:5: found \"?\" as a rating"));
  // What is never closed is no reason to lose what follows.
  CHECK_THAT(message("user,item,rating\n\"a,x,5\na,y,3\n"),
             Contains("r:2: a quote that is not closed in \"\"a,x,5\""));
  CHECK(read("user,item,rating\n\"a,x,5\na,y,3\nb,x,1\n", skipping()) == Rows{"a y 3", "b x 1"});
  CHECK(summary.bad_rows == 1);
  CHECK(read("user,item,rating,text\na,x,5,6\" tall\na,y,3,\"never\nb,x,1,closed\n") == kThree);
  // Over the reader's pieces of 256 KiB, and up to its limit.
  const std::string lines(300'000, '\n');
  CHECK(read("user,item,rating,text\na,x,5,\"" + lines + "\"\na,y,3,\nb,x,1,\n") == kThree);
  CHECK_THAT(message("user,item,rating,text\na,x,5,\"" + lines + "\"\na,y,?,\n"),
             Contains("r:300003: "));
  CHECK(read("user,item,rating,text\na,x,5,\"" + lines + lines + lines + lines +
             "\na,y,3,\nb,x,1,\n") == kThree);
}

TEST_CASE("in files with tabs a quote is a character where it does not fit", "[rating_forms]") {
  CHECK(read("\"a\" b\tx\t5\n\"a\tx\t3\n") == Rows{"\"a\" b x 5", "\"a x 3"});
  CHECK(read("\"user\"\t\"item\"\t\"rating\"\n\"a\"\t\"x\"\t5\n") == Rows{"a x 5"});
}

TEST_CASE("lines may end with CR alone", "[rating_forms]") {
  CHECK(read("user,item,rating\ra,x,5\ra,y,3\r\rb,x,1") == kThree);
  CHECK(summary.rows == 3);
  CHECK_THAT(message("a,x,5\ra,y,?\r"), Contains("r:2: "));
  CHECK(read("user,item,rating\r\r\na,x,5\r\r\na,y,3\r\r\nb,x,1\r\r\n") == kThree);
}

TEST_CASE("rows with more fields than others are refused", "[rating_forms]") {
  CHECK_THAT(message("user,item,rating,when\na,x,4,5,1300000000\n"),
             Contains("r:2: more fields than the 4 columns of the header"));
  CHECK_THAT(message("a,x,4\na,x,4,5\n"),
             Contains("r:2: more fields than the 3 columns of the first"));
  CHECK_THAT(message("1;2;3\n1;2;4;5\n"), Contains("r:2: more fields than the 3 columns"));
  CHECK_THAT(message("u1 i1 3\nu2 i 2 4\n"), Contains("r:2: more fields than the 3 columns"));
  CHECK(read("user,item,rating\na,x,5,,\na,y,3,\nb,x,1\n") == kThree);
  CHECK(read("user,item,rating,note\na,x,5,\"one, two\"\na,y,3\nb,x,1,\n") == kThree);
}

TEST_CASE("spaces and tabs may part columns by turns", "[rating_forms]") {
  CHECK(read("% sym weighted\n% 3 2 2\n1 7\t5\t1300000000\n1 8\t3\t1300000000\n") ==
        Rows{"1 7 5", "1 8 3"});
  CHECK(read("a\tx\t5\na y 3\nb\tx\t1\n") == kThree);
  CHECK_THAT(summary.files[0].guess, Contains("spaces part columns, too, as in line 2"));
  CHECK(read("Mary Ann\tx\t5\nJo Ann\tx\t3\n") == Rows{"Mary Ann x 5", "Jo Ann x 3"});
}

TEST_CASE("tables of users and items are no rows", "[rating_forms]") {
  for (const char* table :
       {"userId,1,2,3\n10,5,1,3\n", "user\t10\t20\n1\t5\t0\n", "movieId;1;2;3\n7;1;2;3\n"}) {
    INFO(table);
    CHECK_THAT(message(table), Contains("r:1: looks like a matrix of users and items"));
  }
  CHECK_THAT(message("user_id,rating,2\n1,2,3\n"), Contains("no column is known to be the item"));
  CHECK(read("%%MatrixMarket matrix coordinate real general\n% made up\n2 2 3\n1 7 5\n1 8 3\n") ==
        Rows{"1 7 5", "1 8 3"});
}

TEST_CASE("of two columns that may be the user or the item one is taken, which is said",
          "[rating_forms]") {
  CHECK(read("username,user_id,anime_id,my_score\na,1,x,5\n") == Rows{"a x 5"});
  CHECK_THAT(summary.files[0].guess, Contains("the user is \"username\", not \"user_id\""));
  CHECK(read("user,isbn,book_id,rating\na,i,x,5\n") == Rows{"a i 5"});
  CHECK_THAT(summary.files[0].guess, Contains("the item is \"isbn\", not \"book_id\""));
}

TEST_CASE("R's rows between spaces have names, too", "[rating_forms]") {
  CHECK(read("\"user\" \"item\" \"rating\"\n\"1\" \"a\" \"x\" 5\n\"2\" \"a\" \"y\" 3\n") ==
        Rows{"a x 5", "a y 3"});
  CHECK(read("user item rating\n1 a x 5\n2 a y 3\n") == Rows{"a x 5", "a y 3"});
  CHECK(read("\"sep=;\"\nuser;item;rating\na;x;5\n") == Rows{"a x 5"});
  CHECK(read("user,item,rating\na,x,\"4,5\"\n") == Rows{"a x 4.5"});
}

TEST_CASE("what is left out of the message is not made up", "[rating_forms]") {
  CHECK_THAT(message("who,anime_id,what,how\na,x,5,6\n"),
             Contains("--columns user=NAME,item=anime_id,rating=NAME"));
  CHECK_THAT(message("member,work,stars\n1,2,3\n"),
             Contains("--columns user=member,item=work,rating=stars"));
}

TEST_CASE("Weka's lines name the columns", "[rating_forms]") {
  CHECK(read("% made up\n@RELATION r\n\n@ATTRIBUTE 'item' STRING\n@attribute user STRING\n"
             "@ATTRIBUTE rating NUMERIC\n\n@DATA\nx,a,5\ny,a,3\nx,b,1\n") == kThree);
  CHECK(summary.rows == 3);
  CHECK(read("@ann,x,5\n") == Rows{"@ann x 5"});
  CHECK(read("%ann,x,5\nb,x,3\n") == Rows{"%ann x 5", "b x 3"});
}

TEST_CASE("JSON lines are read by the names of their members", "[rating_forms]") {
  const std::string lines =
      "{\"reviewerID\":\"a\",\"asin\":\"x\",\"overall\":5.0,\"text\":\"\\\"user\\\": 7,\\n\"}\n"
      "{\"overall\":3,\"reviewerID\":\"a\",\"helpful\":[1,{\"asin\":2}],\"asin\":\"y\"}\n\n"
      "{\"reviewerID\":\"b\",\"asin\":\"x\",\"overall\":\"1\"}\n";
  CHECK(read(lines) == kThree);
  CHECK(read("\xef\xbb\xbf" + lines) == kThree);
  CHECK_THAT(summary.files[0].read_as, Contains("JSON lines"));
  CHECK(read("{\"user_id\":7,\"item_id\":12345678901234567890,\"rating\":0.5}\n") ==
        Rows{"7 12345678901234567890 0.5"});
  ReadRatingsOptions named;
  named.columns = RatingColumns::parse("user=who,item=what,rating=how");
  CHECK(read("{\"who\":\"a\",\"what\":\"x\",\"how\":5,\"rating\":9}\n", named) == Rows{"a x 5"});
  CHECK(read("{\"user\":\"a\",\"item\":\"x\",\"rating\":null}\n"
             "{\"user\":\"a\",\"item\":\"x\",\"rating\":5}\n") == Rows{"a x 5"});
  CHECK(summary.unrated.rows == 1);
  CHECK(read("{\"user\":\"a\",\"item\":\"x\",\"score\":7.8,\"user_rating\":5}\n") == Rows{"a x 5"});
}

TEST_CASE("bad JSON lines are named, and skipped where that is asked for", "[rating_forms]") {
  const std::string good = "{\"user\":\"a\",\"item\":\"x\",\"rating\":5}\n";
  CHECK_THAT(message(good + "{\"user\":\"a\",\n"), Contains("r:2: no JSON in"));
  CHECK_THAT(message(good + "{\"user\":\"a\"}\n"), Contains("r:2: no rating in"));
  CHECK(read(good + "{\"user\":\"a\",\nnonsense\n{}\n" + good, skipping()).size() == 1);
  CHECK(summary.bad_rows == 3);
  CHECK(summary.duplicates == 1);
  CHECK_THAT(message("{\"name\":\"a\"}\n"), Contains("without objects that have an item"));
  CHECK_THAT(message("{\"item\":\"x\",\"rating\":5}\n"), Contains("but no user"));
  CHECK_THAT(message("{\"user\":\"a\",\"item\":\"x\",\"rating\":5,\"stars\":4}\n"),
             Contains("two members may be the rating: \"rating\" and \"stars\""));
  const std::string deep = good + "{\"a\":" + std::string(100'000, '[') + "\n";
  CHECK_THAT(message(deep), Contains("nested more than 200 deep"));
}

TEST_CASE("a JSON document may be of any shape", "[rating_forms]") {
  CHECK(read("[{\"user\":\"a\",\"item\":\"x\",\"rating\":5},\n {\"user\":\"a\",\"item\":\"y\","
             "\"rating\":3},{\"user\":\"b\",\"item\":\"x\",\"rating\":1}]\n") == kThree);
  CHECK(read("{\n \"ratings\": [\n {\"user\": {\"id\": \"a\", \"name\": \"Ann\"},\n"
             " \"anime\": {\"id\": \"x\", \"title\": \"X!\"}, \"rating\": 5}\n ]\n}\n") ==
        Rows{"a x 5"});
  CHECK(summary.works.titles == std::vector<std::string>{"X!"});
  CHECK(read("{\n\"user\": \"a\", \"list\": [{\"item\": \"x\", \"rating\": 5},\n"
             "{\"item\": \"y\", \"rating\": 3}]\n}\n{\n\"list\": [{\"item\":\"x\",\"rating\":1}],"
             "\"user\":\"b\"}") == kThree);
  CHECK_THAT(message("[{\"user\":\"a\",\"item\":\"x\",\"rating\":5},\n\n{]\n"),
             Contains("r:3: JSON that cannot be read"));
  CHECK_THAT(message("[]\n"), Contains("without objects that have an item"));
}

TEST_CASE("AniList's scores become 0 to 10", "[rating_forms]") {
  const auto list = [](const std::string& format, const std::string& score) {
    return "{\"data\":{\"MediaListCollection\":{\"user\":{\"id\":1,\"name\":\"a\"" + format +
           "},\"lists\":[{\"name\":\"All\",\"entries\":[{\"mediaId\":7,\"status\":\"CURRENT\","
           "\"score\":" +
           score +
           ",\"media\":{\"title\":{\"romaji\":\"Seven\"}}},{\"mediaId\":8,\"status\":"
           "\"DROPPED\",\"score\":0}]}]}}}";
  };
  const auto format = [](const std::string& name) {
    return ",\"mediaListOptions\":{\"scoreFormat\":\"" + name + "\"}";
  };
  CHECK(read(list(format("POINT_100"), "85")) == Rows{"a 7 8.5"});
  CHECK(read(list(format("POINT_10_DECIMAL"), "7.5")) == Rows{"a 7 7.5"});
  CHECK(read(list(format("POINT_10"), "7")) == Rows{"a 7 7"});
  CHECK(read(list(format("POINT_5"), "4")) == Rows{"a 7 8"});
  CHECK(read(list(format("POINT_3"), "3")) == Rows{"a 7 10"});
  CHECK(summary.unrated.rows == 1);
  CHECK(summary.works.titles == std::vector<std::string>{"Seven"});
  CHECK(read(list("", "85")) == Rows{"a 7 8.5"});
  CHECK_THAT(summary.files[0].guess, Contains("no scoreFormat"));
  CHECK_THAT(message(list(format("POINT_10"), "85")),
             Contains("a score of 85 where scoreFormat is POINT_10"));
  CHECK(read(list(format("POINT_7"), "85")) == Rows{"a 7 8.5"});
  CHECK_THAT(summary.files[0].guess, Contains("scoreFormat \"POINT_7\""));
  // Each entry with its user, anime and manga of the same number.
  CHECK(read("{\"data\":{\"Page\":{\"mediaList\":[{\"user\":{\"name\":\"a\",\"mediaListOptions\":"
             "{\"scoreFormat\":\"POINT_100\"}},\"mediaId\":7,\"score\":85,\"media\":{\"type\":"
             "\"ANIME\"}},{\"user\":{\"name\":\"b\",\"mediaListOptions\":{\"scoreFormat\":"
             "\"POINT_5\"}},\"mediaId\":7,\"score\":4,\"media\":{\"type\":\"MANGA\"}}]}}}") ==
        Rows{"a 7 8.5", "b manga:7 8"});
  ReadRatingsOptions words;
  words.scale = RatingScale::mangaki();
  CHECK(read(list(format("POINT_100"), "85"), words) == Rows{"a 7 2", "a 8 -0.5"});
}

TEST_CASE("MyAnimeList's export is read by libraries' rules of XML", "[rating_forms]") {
  const auto list = [](const std::string& user, const std::string& entries) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<myanimelist>\n<myinfo>" + user +
           "</myinfo>\n" + entries + "\n</myanimelist>\n";
  };
  const auto anime = [](const std::string& id, const std::string& score,
                        const std::string& status) {
    return "<anime><series_animedb_id>" + id + "</series_animedb_id><series_title><![CDATA[T&" +
           id + "]]></series_title><my_score> " + score + "\n</my_score><my_status>" + status +
           "</my_status></anime>\n";
  };
  const std::string user = "<user_name>a &amp; b</user_name>";
  CHECK(read(list(user, anime("7", "9", "Completed") + anime("8", "0", "Dropped"))) ==
        Rows{"a & b 7 9"});
  CHECK(summary.unrated.rows == 1);
  CHECK(summary.works.titles == std::vector<std::string>{"T&7", "T&8"});
  CHECK(read(list("", anime("7", "9", "Completed")), {}, "ann.xml") == Rows{"ann 7 9"});
  CHECK_THAT(summary.files[0].guess, Contains("after the file's name"));
  ReadRatingsOptions none;
  none.unrated = Unrated::parse("none");
  CHECK(read(list(user, anime("7", "0", "Completed")), none) == Rows{"a & b 7 0"});
  CHECK_THAT(message(list(user, anime("7", "11", "Completed"))),
             Contains("r:4: found \"11\" as my_score"));
  CHECK_THAT(message(list(user, "<anime>")), Contains("r:5: XML that cannot be read"));
  CHECK_THAT(message("<feed><entry/></feed>"), Contains("XML of \"feed\""));
  // Joined by cat.
  const std::string both = list("<user_name>a</user_name>", anime("7", "9", "Completed")) +
                           list("<user_name>b</user_name>", anime("7", "5", "Completed"));
  CHECK(read(both.substr(0, both.rfind("<?xml")) + both.substr(both.rfind("?>") + 2)) ==
        Rows{"a 7 9", "b 7 5"});
  // Entities of the document's own are neither expanded nor fetched.
  std::string lol = "<?xml version=\"1.0\"?>\n<!DOCTYPE myanimelist [<!ENTITY a \"lol\">\n";
  for (char c = 'b'; c <= 'k'; ++c) {
    lol += std::string("<!ENTITY ") + c + " \"";
    for (int k = 0; k < 10; ++k) {
      lol += std::string("&") + static_cast<char>(c - 1) + ";";
    }
    lol += "\">\n";
  }
  lol +=
      "<!ENTITY f SYSTEM \"file:///etc/passwd\">]>\n<myanimelist><myinfo><user_name>a</user_name>"
      "</myinfo><anime><series_animedb_id>&k;&f;</series_animedb_id><my_score>9</my_score>"
      "</anime></myanimelist>";
  CHECK(read(lol) == Rows{"a &k;&f; 9"});
}

TEST_CASE("Netflix' blocks name the item once", "[rating_forms]") {
  CHECK(read("7:\na,5,2005-09-06\nb,1,2005-05-13\n\n8:\r\na,3\n") ==
        Rows{"a 7 5", "b 7 1", "a 8 3"});
  CHECK(summary.rows == 3);
  CHECK_THAT(message("7:\na,5,2005-09-06\n8:\nb\n"),
             Contains("r:4: found \"b\" in the block of item \"8\""));
  CHECK(read("7:\na,5\nb\n,3\n8:\nb,2\n", skipping()) == Rows{"a 7 5", "b 8 2"});
  CHECK(summary.bad_rows == 2);
}

TEST_CASE("several files and folders are one data set", "[rating_forms]") {
  const TemporaryFolder folder;
  const std::string one = folder.write("1.csv", "user,item,rating\na,x,5\n");
  const std::string two = folder.write("2.tsv", "a\ty\t3\n");
  const std::string three =
      folder.write("3.jsonl", "{\"user\":\"b\",\"item\":\"x\",\"rating\":1}\n");
  folder.write(".hidden", "nonsense");
  folder.write("1.csv~", "nonsense");
  folder.write("readme.md", "nonsense");
  CHECK(rows_of(read_ratings({one, two, three}, {}, summary)) == kThree);
  CHECK(summary.files.size() == 3);
  CHECK(summary.files[1].path == two);
  CHECK(summary.files[1].rows == 1);
  const std::string together = summary.fingerprint();
  CHECK(rows_of(read_ratings(folder.path(""), {}, summary)) == kThree);
  CHECK(summary.fingerprint() == together);
  const std::string points = folder.write("5.csv", "a,z,85\nb,z,60\n");
  read_ratings({one, points}, {}, summary);
  CHECK_THAT(summary.files[1].guess, Contains("ratings reach 85 in ") && Contains("and 5 in "));
  // Of one user and item the last file's counts, and where it is an error both are named.
  const std::string again = folder.write("4.csv", "user,item,rating\na,x,2\n");
  CHECK(rows_of(read_ratings({one, again}, {}, summary)) == Rows{"a x 2"});
  ReadRatingsOptions strict;
  strict.duplicates = Duplicates::error;
  const Error error = error_of([&] { read_ratings({one, again}, strict, summary); });
  CHECK_THAT(error.what(),
             Contains("4.csv:2: ") && Contains("after line 2 of ") && Contains("1.csv"));
  const TemporaryFolder empty;
  CHECK(error_of([&] { read_ratings(empty.path(""), {}, summary); }).kind() == ErrorKind::no_input);
}

TEST_CASE("zstd and xz are taken apart as gzip is", "[rating_forms]") {
  const std::string text = "a,x,5\na,y,3\nb,x,1\n";
  std::string zstd(ZSTD_compressBound(text.size()), '\0');
  zstd.resize(ZSTD_compress(zstd.data(), zstd.size(), text.data(), text.size(), 1));
  std::string xz(10'000, '\0');
  std::size_t size = 0;
  REQUIRE(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr,
                                  reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                  reinterpret_cast<std::uint8_t*>(xz.data()), &size,
                                  xz.size()) == LZMA_OK);
  xz.resize(size);
  CHECK(read(zstd) == kThree);
  CHECK(read(xz) == kThree);
  const std::string plain = summary.fingerprint();
  CHECK(read(text) == kThree);
  CHECK(summary.fingerprint() == plain);
  // One after another, as cat makes them, the xz with the zeros that it allows.
  CHECK(read(zstd + zstd) == kThree);
  CHECK(summary.duplicates == 3);
  CHECK(read(xz + std::string(4, '\0') + xz) == kThree);
  CHECK_THAT(message(zstd.substr(0, zstd.size() - 4)), Contains("is a truncated zstd file"));
  CHECK_THAT(message(xz.substr(0, xz.size() - 4)), Contains("is a truncated xz file"));
  CHECK_THAT(message(xz + "abc"), Contains("is a truncated xz file"));
  std::string broken = xz;
  broken[xz.size() / 2] ^= 0x55;
  CHECK_THAT(message(broken), Contains("is a corrupt xz file"));
}

TEST_CASE("files of other kinds are named, with what to do", "[rating_forms]") {
  const auto with = [](const std::string& start) { return start + std::string(600, '\0'); };
  CHECK_THAT(message("\n <!DOCTYPE html>\n<html>"), Contains("is an HTML page"));
  CHECK_THAT(message("<HTML lang=en>"), Contains("is an HTML page"));
  CHECK_THAT(message("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n"),
             Contains("is a Git LFS pointer") && Contains("git lfs pull"));
  CHECK_THAT(message(with("PK\3\4")), Contains("is a zip archive"));
  CHECK_THAT(message(with("PK\3\4zzzzzzzz[Content_Types].xml")), Contains("is an Excel workbook"));
  CHECK_THAT(message(with(std::string("SQLite format 3\0", 16))),
             Contains("is an SQLite database") && Contains("sqlite3 -csv"));
  CHECK_THAT(message(with("PAR1")), Contains("is a Parquet file") && Contains("to_csv"));
  CHECK_THAT(message(with("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")), Contains("is an Excel workbook"));
  CHECK_THAT(message(with("BZh9")), Contains("is a bzip2 file"));
  CHECK_THAT(message(with("\x93NUMPY")), Contains("is a NumPy array"));
  std::string tar(600, '\0');
  tar.replace(0, 11, "ratings.csv").replace(257, 5, "ustar");
  CHECK_THAT(message(tar), Contains("is a tar archive"));
  CHECK(read("7,12,5\n") == Rows{"7 12 5"});  // "7z" begins so
}

TEST_CASE("a value far from the rest is an outlier, a long tail is none of it", "[rating_forms]") {
  std::string rows;
  for (int k = 0; k < 100; ++k) {
    rows += "u" + std::to_string(k) + ",i," + std::to_string(1 + k % 5) + "\n";
  }
  read(rows);
  CHECK(summary.outliers.empty());
  read(rows + "v,i,46\n");
  REQUIRE(summary.outliers.size() == 1);
  CHECK(summary.outliers[0].line == 101);
  read(rows + "v,i,-999\nw,i,99999\n");
  CHECK(summary.outliers.size() == 2);
  read(rows + "v,i,10\n");
  CHECK(summary.outliers.empty());
  CHECK(!summary.lone_value);
  read(rows + "v,i,99\nv,j,99\nv,k,99\n");
  CHECK(summary.lone_value == 99.0F);
  CHECK(summary.lone_high == 5.0F);
  read(rows + "v,i,-99\nv,j,-99\n");
  CHECK(summary.lone_value == -99.0F);
}

TEST_CASE("times are seconds, however they are written", "[rating_forms]") {
  ReadRatingsOptions options;
  options.times = true;
  const TemporaryFolder folder;
  const auto time = [&](const std::string& text) {
    const std::string path =
        folder.write("t.csv", "user,item,rating,timestamp\na,x,5," + text + "\n");
    const std::vector<std::int64_t> times = read_ratings(path, options, summary).time;
    return times.empty() ? -1 : times.front();
  };
  CHECK(time("1112486027") == 1112486027);
  CHECK(time("1112486027.9") == 1112486027);
  CHECK(time("1112486027123") == 1112486027);
  CHECK(time("1112486027123456789") == 1112486027);
  CHECK(time("1970-01-02") == 86400);
  CHECK(time("2005-04-02 23:53:47") == 1112486027);
  CHECK(time("2005-04-02T23:53:47Z") == 1112486027);
  CHECK(time("2005/04/02 23:53:47.5") == 1112486027);
  CHECK(time("yesterday") == -1);
  CHECK_THAT(summary.files[0].guess, Contains("\"yesterday\" is none"));
  CHECK(time("2005-13-02") == -1);
  options.columns.time = "timestamp";
  const std::string path = folder.write("t.csv", "user,item,rating,timestamp\na,x,5,soon\n");
  CHECK_THAT(error_of([&] { read_ratings(path, options, summary); }).what(),
             Contains("t.csv:2: found \"soon\" as the time of a rating"));
  // The later row is kept, with its time; what is left out takes its own away.
  options.columns.time.clear();
  const std::string twice = folder.write(
      "t.csv", "user,item,rating,timestamp\na,x,5,10\nb,x,-1,20\na,x,4,30\nb,y,7,40\n");
  CHECK(read_ratings(twice, options, summary).time == std::vector<std::int64_t>{30, 40});
}

}  // namespace rating_forms_test
