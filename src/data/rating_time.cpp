#include "data/rating_time.hpp"

#include <charconv>
#include <chrono>
#include <cmath>

#include "data/number.hpp"

namespace balse {
namespace {

// A whole number of so many digits at the front of `text`, which is taken away with what follows it
// if that is one of `after`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits, std::string_view after) {
  int value = 0;
  if (text.size() < digits) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits || value < 0) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  if (!text.empty() && after.find(text.front()) != std::string_view::npos) {
    text.remove_prefix(1);
  }
  return value;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  const auto year = take_digits(text, 4, "-/");
  const auto month = year ? take_digits(text, 2, "-/") : std::nullopt;
  const auto day = month ? take_digits(text, 2, " T") : std::nullopt;
  if (!day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(
                             std::chrono::sys_days(date).time_since_epoch())
                             .count();
  if (text.empty()) {
    return seconds;
  }
  const auto hour = take_digits(text, 2, ":");
  const auto minute = hour ? take_digits(text, 2, ":") : std::nullopt;
  if (!minute || *hour > 24 || *minute > 59) {
    return std::nullopt;
  }
  const auto second = take_digits(text, 2, "");
  // What follows are fractions and time zones, of which only a second or a day matter little.
  return seconds + 3600LL * *hour + 60LL * *minute + second.value_or(0);
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) {
  constexpr double kMilliseconds = 1e11;  // as seconds they are in the year 5138
  constexpr std::size_t kDay = 8;         // 20150304
  if (text.size() == kDay && (text.starts_with("19") || text.starts_with("20"))) {
    if (const auto date = parse_date(text)) {
      return date;
    }
  }
  if (const auto number = parse_number(text)) {
    double seconds = *number;
    while (std::abs(seconds) >= kMilliseconds) {
      seconds /= 1000.0;
    }
    return static_cast<std::int64_t>(std::floor(seconds));
  }
  return parse_date(text);
}

}  // namespace balse
