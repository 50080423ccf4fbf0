#include "balse/tagging/tag_list.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace tag_list_test {
namespace {

/// ["t0","t1",...]; the entry `special` is `text` instead.
std::string list_of(std::size_t count, std::size_t special = SIZE_MAX,
                    const std::string& text = {}) {
  std::string json = "[";
  for (std::size_t k = 0; k < count; ++k) {
    json += k == 0 ? "" : ",";
    json += k == special ? text : "\"t" + std::to_string(k) + '"';
  }
  return json + "]";
}

std::size_t count_of(const TagList& tags, TagCategory category) {
  return static_cast<std::size_t>(
      std::count(tags.categories.begin(), tags.categories.end(), category));
}

std::string message_for(const std::string& json) {
  INFO(json.substr(0, 80));
  const Error error = error_of([&] { parse_tag_list(json, "list.json"); });
  CHECK(error.kind() == ErrorKind::bad_data);
  CHECK_THAT(error.what(), Contains("list.json"));
  return error.what();
}

}  // namespace

TEST_CASE("both forms of a tag list are read, and may be mixed", "[tag_list]") {
  const TagList tags = parse_tag_list(
      R"(["long hair", {"name": ":d", "category": "general", "count": 7},
          {"name": "hatsune miku", "category": "character"}, {"name": "vocaloid",
           "category": "copyright"}, {"category": "rating", "name": "safe"}, {"name": "初音"}])",
      "");
  CHECK(tags.names ==
        std::vector<std::string>{"long hair", ":d", "hatsune miku", "vocaloid", "safe", "初音"});
  CHECK(tags.categories == std::vector<TagCategory>{TagCategory::general, TagCategory::general,
                                                    TagCategory::character, TagCategory::copyright,
                                                    TagCategory::rating, TagCategory::general});
}

TEST_CASE("1,539 bare names are Illustration2Vec's", "[tag_list]") {
  const TagList tags = parse_tag_list(list_of(1539), "");
  CHECK(count_of(tags, TagCategory::general) == 512);
  CHECK(count_of(tags, TagCategory::character) == 512);
  CHECK(count_of(tags, TagCategory::copyright) == 512);
  CHECK(tags.categories[511] == TagCategory::general);
  CHECK(tags.categories[512] == TagCategory::character);
  CHECK(tags.categories[1023] == TagCategory::character);
  CHECK(tags.categories[1024] == TagCategory::copyright);
  CHECK(tags.categories[1535] == TagCategory::copyright);
  CHECK(tags.categories[1536] == TagCategory::rating);
  CHECK(tags.categories[1538] == TagCategory::rating);
  for (const std::size_t count : {1538, 1540, 3}) {
    CHECK(count_of(parse_tag_list(list_of(count), ""), TagCategory::general) == count);
  }
  // Whoever writes categories means what is written.
  const TagList mixed = parse_tag_list(list_of(1539, 1000, R"({"name":"x"})"), "");
  CHECK(count_of(mixed, TagCategory::general) == 1539);
}

TEST_CASE("a tag list is read back as it was written", "[tag_list]") {
  const TagList tags =
      parse_tag_list(R"(["\"quoted\", \\ and ,", {"name": "r", "category": "rating"}, "é"])", "");
  const TagList again = parse_tag_list(to_json(tags), "");
  CHECK(again.names == tags.names);
  CHECK(again.categories == tags.categories);
  // 1,539 general tags must not become Illustration2Vec's.
  const TagList general = parse_tag_list(list_of(1539, 0, R"({"name":"x"})"), "");
  CHECK(parse_tag_list(to_json(general), "").categories == general.categories);
}

TEST_CASE("what is no tag list is refused in a sentence", "[tag_list]") {
  CHECK_THAT(message_for(""), Contains("no JSON"));
  CHECK_THAT(message_for("long hair\nsmile\n"), Contains("no JSON"));
  CHECK_THAT(message_for("[\"a\""), Contains("no JSON"));
  CHECK_THAT(message_for("[\"a\xff\"]"), Contains("no JSON"));
  CHECK_THAT(message_for("{\"a\": 1}"), Contains("an output called") && Contains("a"));
  CHECK_THAT(message_for("[]"), Contains("no list of tags"));
  CHECK_THAT(message_for("[\"a\", 7]"), Contains("the entry") && Contains("7"));
  CHECK_THAT(message_for("[\"a\", null]"), Contains("null"));
  CHECK_THAT(message_for("[[\"a\"]]"), Contains("the entry"));
  CHECK_THAT(message_for(R"([{"category": "general"}])"), Contains("the entry"));
  CHECK_THAT(message_for(R"([{"name": 7}])"), Contains("the entry"));
  CHECK_THAT(message_for(R"(["a", "b", "a"])"), Contains("\"a\" twice"));
  CHECK_THAT(message_for(R"(["a", {"name": "a"}])"), Contains("twice"));
  CHECK_THAT(message_for(R"([""])"), Contains("the tag name \"\""));
  CHECK_THAT(message_for(R"(["a\nb"])"), Contains("\\x0a"));
  CHECK_THAT(message_for(R"(["a\u0000"])"), Contains("\\x00"));
  CHECK_THAT(message_for(R"(["\u007f"])"), Contains("\\x7f"));
  CHECK_THAT(message_for(R"([{"name": "a", "category": "artists"}])"), Contains("artists"));
  CHECK_THAT(message_for(R"([{"name": "a", "category": 1}])"), Contains("category"));
  CHECK_THAT(message_for(R"([{"name": "a", "category": null}])"), Contains("category"));
  CHECK_THAT(message_for(std::string(10'000'000, '[')), Contains("no list of tags"));
  const std::string nested = std::string(2000, '{') + std::string(2000, '}');
  CHECK_THAT(message_for("[" + nested + "]"), Contains("no list of tags"));
}

TEST_CASE("the lists beside today's taggers are read", "[tag_list]") {
  const TemporaryFolder folder;
  using Category = TagCategory;
  // WD's, and PixAI's with two more columns.
  const TagList wd = read_tag_list(folder.write(
      "selected_tags.csv",
      "tag_id,name,category,count\n9999999,general,9,807858\n470575,1girl,0,4225150\n"
      "1,hatsune_miku,4,9\n2,\"a,b\",0,5\n3,touhou,3,1\n4,somebody,1,1\n5,commentary,5,1\n"));
  CHECK(wd.names == std::vector<std::string>{"general", "1girl", "hatsune_miku", "a,b", "touhou",
                                             "somebody", "commentary"});
  CHECK(wd.categories == std::vector<Category>{Category::rating, Category::general,
                                               Category::character, Category::general,
                                               Category::copyright, Category::artist,
                                               Category::meta});
  const TagList pixai =
      read_tag_list(folder.write("pixai.csv",
                                 "id,tag_id,name,category,count,ips\r\n0,212816,solo,0,4,[]\r\n"
                                 "1,5,miku,4,4,\"[\"\"vocaloid\"\"]\"\r\n"));
  CHECK(pixai.names == std::vector<std::string>{"solo", "miku"});
  CHECK(pixai.categories[1] == Category::character);
  // cl_tagger's, in any order, and with a name that two categories have.
  const TagList cl = read_tag_list(
      folder.write("tag_mapping.json", R"({"2": {"tag": "general", "category": "Rating"},
          "0": {"tag": "general", "category": "General"}, "1": {"tag": "x", "category": "Quality"}})"));
  CHECK(cl.names == std::vector<std::string>{"general", "x", "general (rating)"});
  CHECK(cl.categories ==
        std::vector<Category>{Category::general, Category::quality, Category::rating});
  // camie-tagger's, deep in its metadata.
  const TagList camie = read_tag_list(folder.write(
      "metadata.json",
      R"({"model_info": {"img_size": 512}, "dataset_info": {"total_tags": 2, "tag_mapping": {
          "idx_to_tag": {"0": "sky", "1": "year_2020"},
          "tag_to_category": {"sky": "general", "year_2020": "year"}}}})"));
  CHECK(camie.names == std::vector<std::string>{"sky", "year_2020"});
  CHECK(camie.categories[1] == Category::year);
  // JoyTag's.
  const TagList joytag = read_tag_list(folder.write("top_tags.txt", "1girl\nsolo\r\nsky"));
  CHECK(joytag.names == std::vector<std::string>{"1girl", "solo", "sky"});
  std::string many = "tag_id,name,category,count\n";
  for (int k = 0; k < 70'000; ++k) {
    many += "1,tag_" + std::to_string(k) + ",0,1\n";
  }
  CHECK(read_tag_list(folder.write("many.csv", many)).size() == 70'000);
}

TEST_CASE("lists of other taggers that are broken are refused in a sentence", "[tag_list]") {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& text) {
    return std::string(error_of([&] { read_tag_list(folder.write("list", text)); }).what());
  };
  CHECK_THAT(message("tag_id,category\n1,0\n"), Contains("a column called name"));
  CHECK_THAT(message("name,category\n"), Contains("no tags"));
  CHECK_THAT(message("name,category\na\n"), Contains("list:2") && Contains("only 1 field"));
  CHECK_THAT(message("name,category\na,0\na,0\n"), Contains("\"a\" twice"));
  CHECK_THAT(message("name,category\n\"a,0\n"), Contains("list:2"));
  CHECK_THAT(message(R"({"0": {"tag": "a"}, "2": {"tag": "b"}})"), Contains("output called"));
  CHECK_THAT(message(R"({"0": {"tag": 7}})"), Contains("the entry"));
  CHECK_THAT(message(R"({"idx_to_tag": {}})"), Contains("no list of tags"));
  CHECK_THAT(message("a\nb\na\n"), Contains("\"a\" twice"));
  CHECK_THAT(message("a\n\x01\n"), Contains("\\x01"));
}

TEST_CASE("a tag list comes from a file", "[tag_list]") {
  const TemporaryFolder folder;
  CHECK(read_tag_list(folder.write("tags.json", "[\"a\",\"b\"]\n")).size() == 2);
  const Error empty = error_of([&] { read_tag_list(folder.write("empty.json", "")); });
  CHECK(empty.kind() == ErrorKind::bad_data);
  CHECK_THAT(empty.what(), Contains("empty.json"));
  CHECK(error_of([&] { read_tag_list(folder.path("absent")); }).kind() == ErrorKind::no_input);
}

}  // namespace tag_list_test
