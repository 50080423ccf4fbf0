#include "wrapped_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vector>

namespace balse::cli {
namespace {

constexpr std::size_t kUsualWidth = 80;
constexpr std::size_t kNarrowest = 40;

/// Split at blanks, but not inside quotes where `quotes`.
std::vector<std::string_view> split(std::string_view text, bool quotes) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  char quote = 0;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    if (at == text.size() || (text[at] == ' ' && quote == 0)) {
      if (at > begin) {
        words.push_back(text.substr(begin, at - begin));
      }
      begin = at + 1;
    } else if (quotes && text[at] == quote) {
      quote = 0;
    } else if (quotes && quote == 0 && (text[at] == '\'' || text[at] == '"')) {
      quote = text[at];
    }
  }
  return words;
}

/// Columns: of UTF-8, the bytes that begin a character.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string fill(const std::vector<std::string_view>& words, std::size_t indent, std::size_t width,
                 std::size_t more, std::string_view line_end) {
  std::string out;
  std::size_t column = indent;
  for (std::size_t k = 0; k < words.size(); ++k) {
    const std::size_t length = columns_of(words[k]);
    const std::size_t room = k + 1 == words.size() ? 0 : line_end.size();
    if (k > 0 && column + 1 + length + room > width) {
      out += line_end;
      out += '\n' + std::string(indent + more, ' ');
      column = indent + more;
    } else if (k > 0) {
      out += ' ';
      ++column;
    }
    out += words[k];
    column += length;
  }
  return out;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  return fill(split(text, false), indent, width, 0, "");
}

std::string wrapped_command(std::string_view command, std::size_t indent, std::size_t width) {
  return fill(split(command, true), indent, width, 4, " \\");
}

std::size_t help_width() {
  if (::isatty(STDOUT_FILENO) != 1) {
    return kUsualWidth;
  }
  std::size_t width = 0;
  winsize size = {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    width = size.ws_col;
  } else if (const char* const columns = std::getenv("COLUMNS")) {
    std::from_chars(columns, columns + std::strlen(columns), width);
  }
  return width == 0 ? kUsualWidth : std::max(width, kNarrowest);
}

}  // namespace balse::cli
