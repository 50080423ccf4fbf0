#include "balse/support/error.hpp"

#include <system_error>
#include <utility>

#include "balse/support/utf8.hpp"

namespace balse {
namespace {

std::string join(const ErrorParts& parts) {
  std::string text;
  if (!parts.file.empty()) {
    text += parts.file == "-" ? "standard input" : printable(parts.file);
    if (parts.line > 0) {
      text += ':';
      text += std::to_string(parts.line);
    }
    text += ": ";
  }
  text += parts.found;
  if (!parts.expected.empty()) {
    text += "; expected ";
    text += parts.expected;
  }
  if (!parts.hint.empty()) {
    text += "; try ";
    text += parts.hint;
  }
  return text;
}

}  // namespace

Error::Error(ErrorKind kind, ErrorParts parts)
    : std::runtime_error(join(parts)), kind_(kind), parts_(std::move(parts)) {}

std::string shorten(std::string_view text, std::size_t limit) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  std::size_t i = 0;
  while (i < text.size() && i < limit) {
    const std::size_t length = utf8_sequence_length(text.substr(i));
    const auto byte = static_cast<unsigned char>(text[i]);
    if (length == 0 || byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
      ++i;
    } else {
      out += text.substr(i, length);
      i += length;
    }
  }
  if (i < text.size()) {
    out += "...";
  }
  out += '"';
  return out;
}

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 4096;  // PATH_MAX
  const bool plain =
      find_invalid_utf8(text) == std::string_view::npos && !has_control_character(text);
  return plain ? std::string(text) : shorten(text, kLongest);
}

std::string system_message(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace balse
