#include <cstdio>

#include "config_file.hpp"

namespace balse::cli {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Steps over digits, between which there may be single underscores; false where there is none.
bool skip_digits(std::string_view& text) {
  bool any = false;
  while (!text.empty() &&
         (is_digit(text[0]) || (any && text.size() > 1 && text[0] == '_' && is_digit(text[1])))) {
    any = true;
    text.remove_prefix(1);
  }
  return any;
}

}  // namespace

bool is_config_number(std::string_view text) {
  const auto skip_sign = [&] {
    if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
      text.remove_prefix(1);
    }
  };
  skip_sign();
  if (text == "inf" || text == "nan") {
    return true;
  }
  const bool leading_zero =
      text.size() > 1 && text[0] == '0' && (is_digit(text[1]) || text[1] == '_');
  if (leading_zero || !skip_digits(text)) {
    return false;
  }
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    if (!skip_digits(text)) {
      return false;
    }
  }
  if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
    text.remove_prefix(1);
    skip_sign();
    if (!skip_digits(text)) {
      return false;
    }
  }
  return text.empty();
}

std::string config_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace balse::cli
