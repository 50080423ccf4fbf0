#include "balse/model/option_fields.hpp"

#include <charconv>
#include <system_error>

#include "balse/support/error.hpp"

namespace balse {
namespace {

constexpr NumberRange kClipLimits = {-1e9, 1e9};
constexpr std::string_view kYesOrNo[] = {"no", "yes"};

bool contains(const NumberRange& range, double value) {
  return (range.low_excluded ? value > range.low : value >= range.low) && value <= range.high;
}

std::string limits(const NumberRange& range) {
  return range.low_excluded
             ? "more than " + text_of(range.low) + " and at most " + text_of(range.high)
             : text_of(range.low) + " to " + text_of(range.high);
}

std::string whole_limits(const NumberRange& range) {
  return "a whole number, " + std::to_string(static_cast<int>(range.low)) + " to " +
         std::to_string(static_cast<int>(range.high));
}

template <typename Number>
bool read_number(std::string_view text, Number& value) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size();
}

[[noreturn]] void refuse(const std::string& option, std::string_view found,
                         const std::string& expected) {
  double number = 0.0;
  throw Error(ErrorKind::usage,
              {.found = "--" + option + " is " +
                        (read_number(found, number) ? std::string(found) : shorten(found)),
               .expected = expected});
}

}  // namespace

double parse_number(const std::string& option, const NumberRange& range, std::string_view text) {
  double value = 0.0;
  if (!read_number(text, value) || !contains(range, value)) {
    refuse(option, text, limits(range));
  }
  return value;
}

int parse_whole(const std::string& option, const NumberRange& range, std::string_view text) {
  int value = 0;
  if (!read_number(text, value) || !contains(range, value)) {
    refuse(option, text, whole_limits(range));
  }
  return value;
}

bool parse_flag(const std::string& option, std::string_view text) {
  return parse_word(option, kYesOrNo, text) == 1;
}

int parse_word(const std::string& option, Words words, std::string_view text) {
  std::string all;
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (words[k] == text) {
      return static_cast<int>(k);
    }
    all += (k == 0 ? "" : k + 1 == words.size() ? " or " : ", ") + std::string(words[k]);
  }
  refuse(option, text, all);
}

ClipRange parse_interval(const std::string& option, std::string_view text) {
  ClipRange range;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !read_number(text.substr(0, colon), range.low) ||
      !read_number(text.substr(colon + 1), range.high) || !contains(kClipLimits, range.low) ||
      !contains(kClipLimits, range.high) || !(range.low < range.high)) {
    refuse(option, text,
           "two numbers, the lower one first, with a colon between them, as in -2:2; each " +
               limits(kClipLimits));
  }
  return range;
}

std::string text_of(double value) {
  char text[32];
  std::string shortest(text, std::to_chars(text, text + sizeof text, value).ptr);
  std::erase(shortest, '+');  // 1e12, as people write it
  return shortest;
}

std::string text_of(bool value) {
  return std::string(kYesOrNo[value ? 1 : 0]);
}

std::string text_of(const ClipRange& value) {
  return text_of(value.low) + ":" + text_of(value.high);
}

std::string FieldVisitor::full_name(const Field& field) const {
  return group_.name.empty() ? std::string(field.name)
                             : std::string(group_.name) + "-" + std::string(field.name);
}

void FieldAssignment::number(const Field& field, const NumberRange& range, double& value) {
  const std::string name = full_name(field);
  if (const auto text = text_of_(name)) {
    value = parse_number(name, range, *text);
  }
}

void FieldAssignment::whole(const Field& field, const NumberRange& range, int& value) {
  const std::string name = full_name(field);
  if (const auto text = text_of_(name)) {
    value = parse_whole(name, range, *text);
  }
}

void FieldAssignment::flag(const Field& field, bool& value) {
  const std::string name = full_name(field);
  if (const auto text = text_of_(name)) {
    value = parse_flag(name, *text);
  }
}

void FieldAssignment::word(const Field& field, Words words, int& value) {
  const std::string name = full_name(field);
  if (const auto text = text_of_(name)) {
    value = parse_word(name, words, *text);
  }
}

void FieldAssignment::interval(const Field& field, std::optional<ClipRange>& value) {
  const std::string name = full_name(field);
  if (const auto text = text_of_(name)) {
    value = parse_interval(name, *text);
  }
}

// A value is allowed where its text would be.
template <typename Parse>
void FieldCheck::check(const Parse& parse) {
  if (!sentence_.empty()) {
    return;
  }
  try {
    parse();
  } catch (const Error& error) {
    sentence_ = error.what();
  }
}

void FieldCheck::number(const Field& field, const NumberRange& range, double& value) {
  check([&] { parse_number(full_name(field), range, text_of(value)); });
}

void FieldCheck::whole(const Field& field, const NumberRange& range, int& value) {
  check([&] { parse_whole(full_name(field), range, std::to_string(value)); });
}

void FieldCheck::flag(const Field& /*field*/, bool& /*value*/) {}

void FieldCheck::word(const Field& field, Words words, int& value) {
  const bool known = value >= 0 && static_cast<std::size_t>(value) < words.size();
  check([&] { parse_word(full_name(field), words, known ? words[value] : "out of range"); });
}

void FieldCheck::interval(const Field& field, std::optional<ClipRange>& value) {
  if (value) {
    check([&] { parse_interval(full_name(field), text_of(*value)); });
  }
}

}  // namespace balse
