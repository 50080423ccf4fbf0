#include "escape.hpp"

#include <algorithm>
#include <cstdint>

#include "balse/support/printable.hpp"
#include "balse/support/utf8.hpp"

namespace balse::report {
namespace {

/// Each character as `replace` has it, or as it is where that is empty.
template <typename Replacement>
std::string replaced(std::string_view text, const Replacement& replace) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const std::string_view by = replace(c);
    by.empty() ? out.push_back(c) : static_cast<void>(out.append(by));
  }
  return out;
}

std::string_view html_entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

std::string_view latex_command(char c) {
  switch (c) {
    case '\\':
      return "\\textbackslash{}";
    case '~':
      return "\\textasciitilde{}";
    case '^':
      return "\\textasciicircum{}";
    case '<':
      return "\\textless{}";
    case '>':
      return "\\textgreater{}";
    case '|':
      return "\\textbar{}";
    case '"':
      return "''";
    case '`':
      return "\\textasciigrave{}";
    case '{':
      return "\\{";
    case '}':
      return "\\}";
    case '$':
      return "\\$";
    case '&':
      return "\\&";
    case '#':
      return "\\#";
    case '_':
      return "\\_";
    case '%':
      return "\\%";
    default:
      return {};
  }
}

std::string_view markdown_escape(char c) {
  switch (c) {
    case '|':
      return "\\|";
    case '\\':
      return "\\\\";
    case '*':
      return "\\*";
    case '_':
      return "\\_";
    case '`':
      return "\\`";
    case '<':
      return "&lt;";
    case '&':
      return "&amp;";
    case '[':
      return "\\[";
    default:
      return {};
  }
}

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

}  // namespace

std::string escape_html(std::string_view text) {
  return replaced(escape(text, "\n\t"), html_entity);
}

std::string escape_latex(std::string_view text) {
  return replaced(escape(text), latex_command);
}

std::string escape_markdown(std::string_view text) {
  return replaced(escape(text), markdown_escape);
}

std::string gnuplot_string(std::string_view text) {
  // gnuplot 5.4 takes a doubled quote at the beginning of a string for its end.
  return "'" +
         replaced(escape(text),
                  [](char c) -> std::string_view { return c == '\'' ? "’" : std::string_view(); }) +
         "'";
}

std::string gnuplot_tic(std::string_view text) {
  return gnuplot_string(
      replaced(text, [](char c) -> std::string_view { return c == '%' ? "%%" : ""; }));
}

std::string shortened(std::string_view text, std::size_t characters) {
  if (character_count(text) <= characters) {
    return std::string(text);
  }
  std::size_t end = 0;
  for (std::size_t n = 0; n + 1 < characters && end < text.size(); ++n) {
    end += std::max<std::size_t>(1, utf8_sequence_length(text.substr(end)));
  }
  return std::string(text.substr(0, end)) + "…";
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t k = 0; k < bytes.size(); k += 3) {
    const std::size_t here = std::min<std::size_t>(3, bytes.size() - k);
    std::uint32_t bits = 0;
    for (std::size_t b = 0; b < 3; ++b) {
      bits = bits << 8 | (b < here ? static_cast<unsigned char>(bytes[k + b]) : 0U);
    }
    for (std::size_t digit = 0; digit < 4; ++digit) {
      out += digit <= here ? kDigits[bits >> (18 - 6 * digit) & 63] : '=';
    }
  }
  return out;
}

}  // namespace balse::report
