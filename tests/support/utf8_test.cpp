#include "balse/support/utf8.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"

using namespace balse;

TEST_CASE("valid UTF-8 passes, everything RFC 3629 forbids is found", "[utf8]") {
  CHECK(find_invalid_utf8("") == std::string_view::npos);
  CHECK(find_invalid_utf8("plain ascii, longer than eight bytes") == std::string_view::npos);
  CHECK(find_invalid_utf8("Solène 進撃の巨人 😀 and more") == std::string_view::npos);
  CHECK(find_invalid_utf8("abc\xe9"
                          "def") == 3);                  // Latin-1
  CHECK(find_invalid_utf8("0123456789\xc0\xaf") == 10);  // overlong
  CHECK(find_invalid_utf8("\xed\xa0\x80") == 0);         // surrogate
  CHECK(find_invalid_utf8("\xf4\x90\x80\x80") == 0);     // beyond U+10FFFF
  CHECK(find_invalid_utf8("ok \xe2\x82") == 3);          // truncated
  CHECK(find_invalid_utf8("\x80") == 0);                 // stray continuation
}

TEST_CASE("shorten() quotes, escapes and cuts", "[error]") {
  CHECK(shorten("like") == "\"like\"");
  CHECK(shorten(std::string("a\0\x1b", 3)) == "\"a\\x00\\x1b\"");
  CHECK(shorten("\xe9t\xc3\xa9") == "\"\\xe9t\xc3\xa9\"");
  CHECK(shorten(std::string(100, 'x'), 5) == "\"xxxxx...\"");
}
