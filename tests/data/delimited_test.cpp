#include "balse/data/delimited.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"
#include "balse/support/random.hpp"

#include "data/eight_bytes.hpp"

using namespace balse;

namespace {

using Fields = std::vector<std::string>;

Fields split(const std::string& line, const char* delimiter = ",") {
  LineSplitter splitter(delimiter);
  if (!splitter.split(line)) {
    return {"problem", splitter.problem()};
  }
  Fields fields;
  for (std::size_t i = 0; i < splitter.size(); ++i) {
    fields.emplace_back(splitter[i]);
  }
  return fields;
}

}  // namespace

TEST_CASE("a line is split into fields", "[delimited]") {
  CHECK(split("1,2,3") == Fields{"1", "2", "3"});
  CHECK(split("") == Fields{""});
  CHECK(split(",") == Fields{"", ""});
  CHECK(split("1,,3,") == Fields{"1", "", "3", ""});
  CHECK(split(" 1 , two words , 3 ") == Fields{"1", "two words", "3"});
  CHECK(split("1\t 2\t3", "\t") == Fields{"1", "2", "3"});
  CHECK(split("1::2::3", "::") == Fields{"1", "2", "3"});
  CHECK(split("1:::2", "::") == Fields{"1", ":2"});
  CHECK(split("a  b", " ") == Fields{"a", "", "b"});
}

TEST_CASE("quoted fields hold delimiters and quotes", "[delimited]") {
  CHECK(split(R"("a,b",c)") == Fields{"a,b", "c"});
  CHECK(split(R"("say ""hi""","""",3)") == Fields{R"(say "hi")", "\"", "3"});
  CHECK(split(R"("","")") == Fields{"", ""});
  CHECK(split(R"( " a " , "b" )") == Fields{" a ", "b"});
  CHECK(split(R"(5" disc,b)") == Fields{R"(5" disc)", "b"});
  CHECK(split(R"("a""b","c""d","e""f""g")") == Fields{"a\"b", "c\"d", "e\"f\"g"});
}

TEST_CASE("stray quotes are problems, but characters where nobody quotes", "[delimited]") {
  CHECK(split(R"("a,b)") == Fields{"problem", "a quote that is not closed"});
  CHECK(split(R"("a"b,c)") == Fields{"problem", "text after a closing quote"});
  CHECK(split(R"(1,")") == Fields{"problem", "a quote that is not closed"});
  CHECK(split(R"("Great Performances" Cats::x)", "::") ==
        Fields{R"("Great Performances" Cats)", "x"});
  CHECK(split(R"("a::b"::x)", "::") == Fields{"a::b", "x"});
}

TEST_CASE("no more fields than asked for", "[delimited]") {
  LineSplitter splitter(",");
  REQUIRE(splitter.split(R"(1,2,3,"not closed)", 3));
  CHECK(splitter.size() == 3);
}

TEST_CASE("a character is found where a search byte by byte finds it", "[delimited]") {
  // Of few characters, so that there are many, and none; some of them a bit away from the one that
  // is looked for.
  constexpr std::string_view kAlphabet = "-,+\xac m";
  Random random(1);
  for (int trial = 0; trial < 20'000; ++trial) {
    std::string text;
    const std::uint64_t length = random.below(30);
    while (text.size() < length) {
      text += kAlphabet[random.below(kAlphabet.size())];
    }
    const std::size_t from = random.below(length + 1);
    const char* const begin = text.data();
    const char* const found = find_character(begin, begin + from, begin + length, ',');
    CHECK(static_cast<std::size_t>(found - begin) == std::min(text.find(',', from), text.size()));
  }
}

TEST_CASE("the delimiter is found in the first row", "[delimited]") {
  CHECK(detect_delimiter("1,2,3", 3) == ",");
  CHECK(detect_delimiter("1\t2\t3", 3) == "\t");
  CHECK(detect_delimiter("1::2::3", 3) == "::");
  CHECK(detect_delimiter("1;2;3,5", 3) == ";");
  CHECK(detect_delimiter("1|2|3", 3) == "|");
  CHECK(detect_delimiter("1,Toy Story,Animation|Comedy|Family|Fun", 2) == ",");
  CHECK(detect_delimiter("1|Toy, A Story, Part 1|1995", 2) == "|");
  CHECK(detect_delimiter(R"("a;b;c;d",2,3)", 3) == ",");
  CHECK(detect_delimiter("1;2", 3) == ";");
  CHECK(detect_delimiter("1", 3) == ",");
}

TEST_CASE("a delimiter that cannot work is a usage error", "[delimited]") {
  CHECK_THROWS_AS(LineSplitter(""), Error);
  CHECK_THROWS_AS(LineSplitter("\""), Error);
}
