#include "balse/tagging/tag_rows.hpp"

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "balse/data/tags_reader.hpp"

#include "support/errors.hpp"
#include "support/npz_reader.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace tag_rows_test {
namespace {

const TagList kTags = {
    .names = {"long hair", "smile, big", "\"quoted\"", "miku", "vocaloid", "safe"},
    .categories = {TagCategory::general, TagCategory::general, TagCategory::general,
                   TagCategory::character, TagCategory::copyright, TagCategory::rating}};

const std::vector<float> kProbabilities = {0.9F, 0.1F, 0.05F, 0.75F, 0.0F, 1.0F};

std::vector<std::uint32_t> selected(const TagSelection& selection,
                                    const std::vector<float>& probabilities = kProbabilities) {
  std::vector<std::uint32_t> tags;
  for (const auto& [tag, weight] : select_tags(probabilities, kTags, selection)) {
    CHECK(weight == probabilities[tag]);
    tags.push_back(tag);
  }
  return tags;
}

const std::vector<TagCategory> kAll = {kTagCategories.begin(), kTagCategories.end()};

TagSelection at(const std::string& thresholds, const std::vector<TagCategory>& categories) {
  TagSelection selection{.categories = categories};
  set_thresholds(selection.thresholds, thresholds);
  return selection;
}

}  // namespace

TEST_CASE("tags at or above the threshold are taken, in their order", "[tag_rows]") {
  using Tags = std::vector<std::uint32_t>;
  CHECK(selected({}) == Tags{0, 1});
  CHECK(selected(at("0.05", {TagCategory::general})) == Tags{0, 1, 2});
  CHECK(selected(at("0", kAll)) == Tags{0, 1, 2, 3, 4, 5});
  CHECK(selected(at("0.5", kAll)) == Tags{0, 3, 5});
  CHECK(selected(at("0", {TagCategory::copyright})) == Tags{4});
  CHECK(selected(at("1", {TagCategory::rating})) == Tags{5});
  CHECK(selected(at("0", {TagCategory::general}), {NAN, 0.5F, NAN, 0.0F, 0.0F, 0.0F}) == Tags{1});
}

TEST_CASE("each category has its threshold, and some tags are not wanted", "[tag_rows]") {
  using Tags = std::vector<std::uint32_t>;
  CHECK(selected(at("general=0.9,character=0.8,rating=0.2", kAll)) == Tags{0, 5});
  CHECK(selected(at("character=0.7", kAll)) == Tags{0, 1, 3, 5});  // the others keep 0.1
  TagSelection selection = at("0", kAll);
  std::vector<std::string> unknown;
  const std::vector<std::string> names = {"long_hair", "vocaloid", "nobody"};
  selection.excluded = tags_named(kTags, names, unknown);
  CHECK(selected(selection) == Tags{1, 2, 3, 5});
  CHECK(unknown == std::vector<std::string>{"nobody"});
}

TEST_CASE("the maximum cut lies midway of the largest gap of each poster", "[tag_rows]") {
  using Tags = std::vector<std::uint32_t>;
  // Of .9, .1, .05 the gap between the first two is the largest.
  CHECK(selected(at("mcut", {TagCategory::general})) == Tags{0});
  CHECK(selected(at("mcut", {TagCategory::general}), {0.8F, 0.75F, 0.1F, 0.0F, 0.0F, 0.0F}) ==
        Tags{0, 1});
  // One alone has no gap; of characters the least is .15, of others none.
  CHECK(selected(at("mcut", kAll), {0.8F, 0.75F, 0.1F, 0.14F, 0.01F, 0.01F}) == Tags{0, 1, 4, 5});
  CHECK(selected(at("general=mcut,character=0.1", kAll), {0.8F, 0.75F, 0.1F, 0.14F, 0.2F, 0.05F}) ==
        Tags{0, 1, 3, 4});
}

TEST_CASE("thresholds that are none are refused, and said in words", "[tag_rows]") {
  TagThresholds thresholds;
  for (const char* text : {"", "x", "1.5", "-0.1", "nan", "0.1,0.2", "general=", "general=2",
                           "genre=0.5", "=0.5", "general=0.1,,", "mcuts", "0.5 "}) {
    INFO(text);
    CHECK(error_of([&] { set_thresholds(thresholds, text); }).kind() == ErrorKind::usage);
  }
  set_thresholds(thresholds, "0.35");
  set_thresholds(thresholds, "character=mcut");
  const std::vector<TagCategory> two = {TagCategory::general, TagCategory::character};
  CHECK(describe(thresholds, two) == "general 0.35, character mcut");
  CHECK(describe(thresholds, std::vector{TagCategory::general}) == "0.35");
}

TEST_CASE("triplets are read back by the reader of tags, whatever the names", "[tag_rows]") {
  std::string csv = "item,tag,weight\n";
  append_triplet(csv, "42", "long hair", 0.98128F);
  append_triplet(csv, "a,b", "smile, big", 0.1F);
  append_triplet(csv, "say \"it\"", "\"quoted\"", 1.0F);
  append_triplet(csv, "42", "miku", 0.0F);
  CHECK(csv ==
        "item,tag,weight\n"
        "42,long hair,0.981280\n"
        "\"a,b\",\"smile, big\",0.100000\n"
        "\"say \"\"it\"\"\",\"\"\"quoted\"\"\",1.000000\n"
        "42,miku,0.000000\n");
  const TemporaryFolder folder;
  ReadTagsSummary summary;
  const Tags tags = read_tags(folder.write("tags.csv", csv), {}, summary);
  CHECK(summary.rows == 4);
  CHECK(tags.items.size() == 3);
  CHECK(tags.items.find("say \"it\"").has_value());
  CHECK(tags.names.find("smile, big").has_value());
}

TEST_CASE("weights have six digits", "[tag_rows]") {
  for (const float weight : {0.123456789F, 0.99999934F, 0.9999996F, 1e-7F, 0.5F, 1e-6F, 1.0F}) {
    std::string csv;
    append_triplet(csv, "i", "t", weight);
    char expected[32];
    std::snprintf(expected, sizeof expected, "i,t,%.6f\n", static_cast<double>(weight));
    CHECK(csv == expected);
  }
}

TEST_CASE("a JSON line has an object for each category with tags", "[tag_rows]") {
  std::string line;
  append_json_line(line, "a \"b\"\\", select_tags(kProbabilities, kTags, at("0.1", kAll)), kTags);
  CHECK(line.back() == '\n');
  CHECK(line.find('\n') == line.size() - 1);
  const auto json = nlohmann::json::parse(line);
  CHECK(json == nlohmann::json::parse(R"({"item": "a \"b\"\\",
      "general": {"long hair": 0.9, "smile, big": 0.1}, "character": {"miku": 0.75},
      "rating": {"safe": 1.0}})"));
  std::string empty;
  append_json_line(empty, "7", {}, kTags);
  CHECK(empty == "{\"item\":\"7\"}\n");
}

TEST_CASE("the most probable tags of each category, ties in the list's order", "[tag_rows]") {
  std::string text;
  append_top_tags(text, "posters/7.jpg", kProbabilities, kTags, at("0.1", kAll), 2);
  CHECK(text ==
        "posters/7.jpg\n"
        "  general    long hair 0.900, smile, big 0.100\n"
        "  character  miku 0.750\n"
        "  copyright  vocaloid 0.000\n"
        "  rating     safe 1.000\n");
  std::string ties;
  append_top_tags(ties, "x", std::vector<float>{0.25F, 0.5F, 0.5F, 0, 0, 0}, kTags, {}, 9);
  CHECK(ties == "x\n  general    smile, big 0.500, \"quoted\" 0.500, long hair 0.250\n");
}

TEST_CASE("a matrix of posters and tags is what the reader of scipy's matrices reads",
          "[tag_rows]") {
  TagMatrixNpz matrix(kTags, at("0.1", {TagCategory::general}));
  matrix.add("b", std::vector<TagWeight>{{0, 0.5F}, {2, 0.25F}, {3, 0.75F}});  // 3 is none of them
  matrix.add("empty", {});
  matrix.add("é", std::vector<TagWeight>{{1, 1.0F}});
  const TemporaryFolder folder;
  const std::string path = folder.write("tags.npz", matrix.bytes());
  const NpzArchive archive(path);
  using Integers = std::vector<std::int64_t>;
  CHECK(archive.text("format.npy") == "csr");
  CHECK(integers_of(archive, "shape.npy") == Integers{3, 3});
  CHECK(integers_of(archive, "indptr.npy") == Integers{0, 2, 2, 3});
  CHECK(integers_of(archive, "indices.npy") == Integers{0, 2, 1});
  CHECK(floats_of(archive, "data.npy") == std::vector<float>{0.5F, 0.25F, 1.0F});
  ReadTagsSummary summary;
  const Tags tags = read_tags(path, {}, summary);
  CHECK(tags.items.size() == 3);
  CHECK(tags.matrix.tags_of(0).size() == 2);
  CHECK(matrix.bytes() == matrix.bytes());
  CHECK_NOTHROW(TagMatrixNpz(kTags, {}).bytes());  // no poster at all
}

}  // namespace tag_rows_test
