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
  CHECK_THAT(message_for("{\"a\": 1}"), Contains("no list of tags"));
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
  CHECK_THAT(message_for(R"([{"name": "a", "category": "artist"}])"), Contains("artist"));
  CHECK_THAT(message_for(R"([{"name": "a", "category": 1}])"), Contains("category"));
  CHECK_THAT(message_for(R"([{"name": "a", "category": null}])"), Contains("category"));
  CHECK_THAT(message_for(std::string(10'000'000, '[')), Contains("no list of tags"));
  const std::string nested = std::string(2000, '{') + std::string(2000, '}');
  CHECK_THAT(message_for("[" + nested + "]"), Contains("no list of tags"));
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
