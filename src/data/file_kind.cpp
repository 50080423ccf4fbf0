#include "data/file_kind.hpp"

#include <algorithm>
#include <string_view>

#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

namespace balse {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLookedAt = 512;

struct Kind {
  std::string_view magic;
  const char* name;
};

constexpr Kind kKinds[] = {
    {"\x1f\x8b"sv, "a gzip file"},   {"PK\3\4"sv, "a zip archive, as .npz and TorchScript are"},
    {"\x89PNG"sv, "a PNG picture"},  {"\xff\xd8\xff"sv, "a JPEG picture"},
    {"RIFF"sv, "a WebP picture"},    {"\x89HDF"sv, "an HDF5 file"},
    {"\x80\2"sv, "a Python pickle"}, {"\x80\4"sv, "a Python pickle"},
};

/// Whether it could be the begin of a text: no control characters but white space, and UTF-8, whose
/// last character may be cut.
bool is_text(std::string_view text) {
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f;
  });
  const std::size_t wrong = find_invalid_utf8(text);
  return !control && (wrong == std::string_view::npos || wrong + 4 > text.size());
}

}  // namespace

std::string kind_of_file(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                              std::min(bytes.size(), kLookedAt));
  for (const Kind& kind : kKinds) {
    if (text.starts_with(kind.magic)) {
      return kind.name;
    }
  }
  if (text.empty() || !is_text(text)) {
    return {};
  }
  return "text that begins with " + shorten(text.substr(0, text.find_first_of("\r\n")), 40);
}

}  // namespace balse
