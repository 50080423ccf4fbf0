#include "balse/support/printable.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"

using balse::escape;
using balse::escape_json;
using balse::is_printable;
using balse::printable;
using balse::shorten;

TEST_CASE("what a terminal would obey is escaped, and nothing else", "[printable]") {
  const std::string fine = "Köln, 進撃の巨人, \xf0\x9f\x98\x80, e\xcc\x81";
  CHECK(is_printable(fine));
  CHECK(escape(fine) == fine);
  CHECK(printable(fine) == fine);
  CHECK(escape("\x1b[31m\r\n\x7f") == "\\x1b[31m\\x0d\\x0a\\x7f");
  CHECK(escape("\xc2\x9b"
               "2J") == "\\u009b2J");
  CHECK(escape("\x9b"
               "2J") == "\\x9b2J");
  for (const char* mark :
       {"\xd8\x9c", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa",
        "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9", "\xc2\x80", "\xc2\x9f"}) {
    CHECK_FALSE(is_printable(mark));
    CHECK(escape(mark).size() == 6);
  }
  CHECK(escape("\xe2\x80\xae"
               "txt") == "\\u202etxt");
  for (const char* neighbour :
       {"\xc2\xa0", "\xe2\x80\x8d", "\xe2\x80\x90", "\xe2\x80\xaf", "\xe2\x81\xaa"}) {
    CHECK(is_printable(neighbour));
  }
  CHECK(escape("a\tb\nc\x1b", "\n\t") == "a\tb\nc\\x1b");
}

TEST_CASE("messages quote names with unprintable characters", "[printable]") {
  CHECK(printable("a\xc2\x9b"
                  "b") == "\"a\\u009bb\"");
  CHECK(shorten("\xe2\x80\xae"
                "csv") == "\"\\u202ecsv\"");
}

TEST_CASE("escaped JSON is the same JSON", "[printable]") {
  CHECK(escape_json("{\n \"a\": \"\xc2\x9b\x7f\xe2\x80\xae進\"\n}") ==
        "{\n \"a\": \"\\u009b\\u007f\\u202e進\"\n}");
}
