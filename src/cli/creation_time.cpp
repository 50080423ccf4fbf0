#include "creation_time.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "balse/support/error.hpp"

namespace balse::cli {

std::string created_now() {
  std::time_t now = std::time(nullptr);
  std::tm utc = {};
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
    const char* const end = fixed + std::strlen(fixed);
    const auto [stop, error] = std::from_chars(fixed, end, now);
    if (error != std::errc() || stop != end || now < 0 || ::gmtime_r(&now, &utc) == nullptr) {
      throw Error(ErrorKind::usage,
                  {.found = "the environment's SOURCE_DATE_EPOCH is " + shorten(fixed),
                   .expected = "seconds since 1970, as date +%s prints them"});
    }
  }
  ::gmtime_r(&now, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

}  // namespace balse::cli
