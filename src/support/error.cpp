#include "balse/support/error.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "balse/support/printable.hpp"
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
  std::size_t end = 0;
  while (end < text.size() && end < limit) {
    end += std::max<std::size_t>(1, utf8_sequence_length(text.substr(end)));
  }
  return '"' + escape(text.substr(0, end)) + (end < text.size() ? "...\"" : "\"");
}

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 4096;  // PATH_MAX
  return is_printable(text) ? std::string(text) : shorten(text, kLongest);
}

ErrorKind kind_of_failure(int error_number, ErrorKind otherwise) {
  switch (error_number) {
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case EAGAIN:
      return ErrorKind::out_of_resources;
    default:
      return otherwise;
  }
}

std::string system_message(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace balse
