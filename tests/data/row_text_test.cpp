#include "balse/data/row_text.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace {

std::string field(const std::string& text, balse::FieldStyle style) {
  std::string out;
  balse::append_field(out, text, style);
  return out;
}

}  // namespace

TEST_CASE("a tag with a line end does not break rows of TSV", "[row_text]") {
  CHECK(field("long\nhair\r\tx", {'\t'}) == "long hair  x");
  CHECK(field("long\nhair", {','}) == "\"long\nhair\"");
}

TEST_CASE("--csv-safe puts an apostrophe before what a spreadsheet computes", "[row_text]") {
  for (const char* formula : {"=1+1", "+1", "-1", "@sum"}) {
    CHECK(field(formula, {',', true}) == "'" + std::string(formula));
    CHECK(field(formula, {'\t', true}) == "'" + std::string(formula));
    CHECK(field(formula, {',', false}) == formula);
  }
  CHECK(field("\t=1", {',', true}) == "'\t=1");
  CHECK(field("=a,b", {',', true}) == "\"'=a,b\"");
  CHECK(field("a=1", {',', true}) == "a=1");
  CHECK(field("", {',', true}).empty());
}
