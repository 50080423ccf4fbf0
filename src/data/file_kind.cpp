#include "balse/data/file_kind.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

namespace balse {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeadLookedAt = 512;

struct Kind {
  std::string_view magic;
  const char* name;
  const char* hint;
};

constexpr const char* kAsCsv = "it as CSV";
constexpr const char* kInsideIt = "the file inside it, unpacked";
constexpr const char* kByPandas =
    "pandas' read_parquet() or read_feather(), and to_csv(index=False)";
constexpr const char* kByPython = "the CSV that Python makes of it";

// The longer of two that begin alike first.
constexpr Kind kKinds[] = {
    {"\x1f\x8b"sv, "a gzip file", "the file inside it: it is compressed twice"},
    {"PK\3\4"sv, "a zip archive, as .npz and TorchScript are", kInsideIt},
    {"PK\5\6"sv, "an empty zip archive", kInsideIt},
    {"BZh"sv, "a bzip2 file", "bunzip2 on it, or gzip, zstd or xz instead"},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive", kInsideIt},
    {"Rar!\x1a\x07"sv, "a RAR archive", kInsideIt},
    {"\x89PNG"sv, "a PNG picture", nullptr},
    {"\xff\xd8\xff"sv, "a JPEG picture", nullptr},
    {"RIFF"sv, "a WebP picture", nullptr},
    {"\x89HDF"sv, "an HDF5 file", kByPython},
    {"\x93NUMPY"sv, "a NumPy array", kByPython},
    {"\x80\2"sv, "a Python pickle", kByPython},
    {"\x80\3"sv, "a Python pickle", kByPython},
    {"\x80\4"sv, "a Python pickle", kByPython},
    {"\x80\5"sv, "a Python pickle", kByPython},
    {"SQLite format 3\0"sv, "an SQLite database",
     "sqlite3 -csv -header FILE 'select user, item, rating from TABLE'"},
    {"PAR1"sv, "a Parquet file", kByPandas},
    {"ARROW1"sv, "an Arrow file", kByPandas},
    {"FEA1"sv, "a Feather file", kByPandas},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "an Excel workbook (or another file of old Office)",
     kAsCsv},
    {"%PDF-"sv, "a PDF document", nullptr},
    {"RDX2\n"sv, "an R workspace", "write.csv(..., row.names = FALSE) in R"},
    {"RDX3\n"sv, "an R workspace", "write.csv(..., row.names = FALSE) in R"},
    {"MATLAB 5.0 MAT-file"sv, "a MATLAB file", kAsCsv},
    {"version https://git-lfs.github.com/spec/"sv,
     "a Git LFS pointer, which stands for a file that was not downloaded", "git lfs pull"},
    {"/annex/objects/"sv, "a git-annex pointer, which stands for a file that was not downloaded",
     "git annex get"},
};

// Of a web page, in small letters; there may be white space before it.
constexpr std::string_view kHtml[] = {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv};

bool is_html(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return std::any_of(std::begin(kHtml), std::end(kHtml), [text](std::string_view tag) {
    return text.size() >= tag.size() &&
           std::equal(tag.begin(), tag.end(), text.begin(), [](char a, char b) {
             return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
           });
  });
}

/// Whether it could be the begin of a text: no control characters but white space, and UTF-8, whose
/// last character may be cut.
bool looks_like_text(std::string_view text) {
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
                              std::min(bytes.size(), kHeadLookedAt));
  for (const Kind& kind : kKinds) {
    if (text.starts_with(kind.magic)) {
      return kind.name;
    }
  }
  if (text.empty() || !looks_like_text(text)) {
    return {};
  }
  return "text that begins with " + shorten(text.substr(0, text.find_first_of("\r\n")), 40);
}

void fail_foreign_file(std::string_view first_bytes, const std::string& path) {
  const auto fail = [&path](const char* name, const char* hint) {
    throw Error(ErrorKind::bad_data, {.file = path,
                                      .found = std::string("is ") + name,
                                      .expected = "text",
                                      .hint = hint == nullptr ? "" : hint});
  };
  if (is_html(first_bytes)) {
    fail("an HTML page, as sites send instead of a file to who is not logged in",
         "a new download of it");
  }
  constexpr std::size_t kTarMagic = 257;
  if (first_bytes.size() > kTarMagic && first_bytes.substr(kTarMagic).starts_with("ustar")) {
    fail("a tar archive", kInsideIt);
  }
  // What is in a zip archive its first file's name tells.
  if (first_bytes.starts_with("PK\3\4")) {
    const std::string_view start = first_bytes.substr(0, kHeadLookedAt);
    if (start.find("[Content_Types].xml") != std::string_view::npos ||
        start.find("_rels/") != std::string_view::npos ||
        start.find("docProps/") != std::string_view::npos) {
      fail("an Excel workbook (or another file of Office)", kAsCsv);
    }
    if (start.find("opendocument") != std::string_view::npos) {
      fail("a spreadsheet of LibreOffice", kAsCsv);
    }
  }
  for (const Kind& kind : kKinds) {
    if (first_bytes.starts_with(kind.magic)) {
      fail(kind.name, kind.hint);
    }
  }
}

bool may_be_foreign(std::string_view first_bytes) {
  return std::any_of(std::begin(kKinds), std::end(kKinds), [first_bytes](const Kind& kind) {
    return first_bytes.size() < kind.magic.size() && kind.magic.starts_with(first_bytes);
  });
}

}  // namespace balse
