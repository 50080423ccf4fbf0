#include "balse/data/tags_reader.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Contains;

namespace tags_reader_test {
namespace {

using Rows = std::vector<std::string>;

ReadTagsSummary summary;

Rows read(const std::string& content, const ReadTagsOptions& options = {}) {
  const TemporaryFolder folder;
  const Tags tags = read_tags(folder.write("t.csv", content), options, summary);
  REQUIRE(tags.matrix.items() == tags.items.size());
  REQUIRE(tags.matrix.tag_count == tags.names.size());
  Rows rows;
  for (std::uint32_t item = 0; item < tags.items.size(); ++item) {
    std::string row = std::string(tags.items[item]) + ':';
    for (std::size_t k = 0; k < tags.matrix.count(item); ++k) {
      char weight[32];
      std::snprintf(weight, sizeof weight, "=%g ", tags.matrix.weights_of(item)[k]);
      row += std::string(tags.names[tags.matrix.tags_of(item)[k]]) + weight;
    }
    rows.push_back(row);
  }
  return rows;
}

std::string message(const std::string& content, const ReadTagsOptions& options = {}) {
  const Error error = error_of([&] { read(content, options); });
  CHECK(error.kind() == ErrorKind::bad_data);
  const std::string text = error.what();
  return text.substr(std::min(text.find("t.csv"), text.size()));
}

const Rows kExpected = {"5:sky=0.5 :d=1 ", "7:sky=0.25 "};

}  // namespace

TEST_CASE("triplets come in every usual dress", "[tags_reader]") {
  CHECK(read("5,sky,0.5\n5,:d,1\n7,sky,.25\n") == kExpected);
  CHECK(read("item,tag,weight\n5,sky,0.5\n5,:d,1\n7,sky,.25\n") == kExpected);
  CHECK(read("\xef\xbb\xbfItem_ID\tTag_Name\tConfidence\r\n5\tsky\t0.5\r\n5\t:d\t1\r\n7\tsky\t."
             "25\r\n") == kExpected);
  CHECK(read("confidence,when,tag,work_id\n0.5,-,sky,5\n1,-,:d,5\n.25,-,sky,7\n") == kExpected);
  CHECK(read("7,sky,0.25\n5,:d,1\n\n5,sky,0.5\n") == Rows{"7:sky=0.25 ", "5:sky=0.5 :d=1 "});
  CHECK(read("1,\"a \"\"b\"\", c\",1\n") == Rows{"1:a \"b\", c=1 "});
  CHECK(read("item,name,value\n5,sky,0.5\n5,:d,1\n7,sky,.25\n") == kExpected);
}

TEST_CASE("a dense file's header names the tags", "[tags_reader]") {
  CHECK(read("item,sky,:d\n5,0.5,1\n7,.25,0\n") == kExpected);
  CHECK(read("item,sky,:d,sea\n5,0.5,1,0\n7,.25,0,0\n") == kExpected);
  CHECK(read("item,0,1\n5,0.5,1\n") == Rows{"5:0=0.5 1=1 "});
  CHECK(read("item;sky\n5;0.5\n") == Rows{"5:sky=0.5 "});
  ReadTagsOptions options;
  options.format = TagsFormat::dense;
  CHECK(read("item,tag,weight\n5,0.5,1\n", options) == Rows{"5:tag=0.5 weight=1 "});
  CHECK_THAT(message("item,sky,sky\n5,0.5,1\n"),
             Contains("t.csv:1: the tag \"sky\" is named twice"));
  CHECK_THAT(message("item,sky,\n5,0.5,1\n"), Contains("t.csv:1: column 3 has no name"));
  CHECK_THAT(message("item,sky,:d\n5,0.5\n"), Contains("t.csv:2: found 2 fields; expected 3"));
  CHECK_THAT(message("item,sky,:d\n5,0.5,1,1\n"), Contains("t.csv:2: found 4 fields; expected 3"));
  CHECK_THAT(message("item,sky,:d\n"), Contains("holds no tags"));
}

TEST_CASE("empty cells of a table are weights of 0, which is said", "[tags_reader]") {
  CHECK(read("item,sky,:d\n5,0.5,1\n7,.25,0\n") == kExpected);
  CHECK(summary.guess.empty());
  CHECK(read("item,sky,:d,sea\n5,0.5,1,\n7,.25,,\n") == kExpected);
  CHECK(summary.guess == "3 empty cells of the table: weights of 0");
}

TEST_CASE("no weight, no entry, but the item is known", "[tags_reader]") {
  CHECK(read("5,sky,0\n7,sky,1\n7,sea,0\n") == Rows{"5:", "7:sky=1 "});
  CHECK(read("item,sky,sea\n5,0,0\n7,1,0\n") == Rows{"5:", "7:sky=1 "});
}

TEST_CASE("the last weight counts", "[tags_reader]") {
  CHECK(read("5,sky,0.5\n7,sky,1\n5,sky,0.75\n7,sky,0\n") == Rows{"5:sky=0.75 ", "7:"});
  CHECK(summary.duplicates == 2);
  CHECK(read("item,sky,sea\n5,0.5,1\n5,0.75,0\n") == Rows{"5:sky=0.75 "});
}

TEST_CASE("weights outside [0, 1] are refused", "[tags_reader]") {
  for (const char* weight : {"1.5", "-0.1", "nan", "inf", "1e999", "x", ""}) {
    INFO(weight);
    const std::string rows = "5,sky,0.5\n5,sea," + std::string(weight) + "\n";
    CHECK_THAT(message(rows), Contains("t.csv:2: found \"") && !Contains("--skip-bad-rows"));
    CHECK_THAT(message(rows, {.can_skip = true}), Contains("try --skip-bad-rows"));
  }
  CHECK_THAT(message("5,sky,1.5\n"), Contains("t.csv:1: found \"1.5\" as the weight"));
  CHECK_THAT(message("item,sky,sea\n5,0.5,1\n7,0.5,-1\n"), Contains("t.csv:3: found \"-1\""));
}

TEST_CASE("files that are no tag files are refused", "[tags_reader]") {
  CHECK_THAT(message(""), Contains("holds no tags"));
  CHECK_THAT(message("item,tag,weight\n"), Contains("holds no tags"));
  CHECK_THAT(message("sky\n"), Contains("t.csv:1: missing column") && !Contains("--delimiter"));
  CHECK_THAT(message("5,sky,1\n5,sea\n"), Contains("t.csv:2: missing column"));
  CHECK_THAT(message("5,sky,1\n,sea,1\n"), Contains("t.csv:2: an empty item id"));
  CHECK_THAT(message("5,sky,1\n5,,1\n"), Contains("t.csv:2: an empty tag"));
  CHECK_THAT(message("5,sky,1\n5,\"sea,1\n"), Contains("t.csv:2: a quote that is not closed"));
  CHECK_THAT(message("\"5,sky,1\n"), Contains("t.csv:1: a quote that is not closed"));
  ReadTagsOptions options;
  options.names_file = "names";
  CHECK(error_of([&] { read("5,sky,1\n", options); }).kind() == ErrorKind::usage);
}

TEST_CASE("bad tag rows can be skipped", "[tags_reader]") {
  ReadTagsOptions options;
  options.skip_bad_rows = true;
  CHECK(read("5,sky,0.5\n5,sea,2\n5,:d,1\n8,sky,nan\n7,sky,.25\n", options) == kExpected);
  CHECK(summary.rows == 5);
  CHECK(summary.bad_rows == 2);
  REQUIRE(summary.first_bad_rows.size() == 2);
  CHECK_THAT(summary.first_bad_rows[0], Contains("t.csv:2: found \"2\""));
  CHECK(read("item,sky,:d\n5,0.5,1\n6,x,1\n7,.25,0\n", options) == kExpected);
}

}  // namespace tags_reader_test
