#include "data/tags_npz.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string_view>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "balse/data/byte_source.hpp"
#include "balse/data/input_file.hpp"
#include "balse/data/sha256.hpp"
#include "balse/support/error.hpp"

#include "data/npz_archive.hpp"
#include "data/tag_builder.hpp"

namespace balse {
namespace {

// The shape of a coo or csc matrix is a mere claim, and every item costs memory: a file of 200
// bytes must not ask for all there is.
constexpr std::int64_t kMaxItems = 10'000'000;
constexpr std::int64_t kMaxTags = 1'000'000;

struct SparseMatrix {
  std::uint32_t items = 0;
  std::uint32_t tags = 0;
  std::vector<std::int64_t> item;  // by entry
  std::vector<std::int64_t> tag;
  std::vector<float> weight;
};

// The row of each entry of a csr matrix (the column, of a csc matrix).
std::vector<std::int64_t> expand(const NpzArchive& archive, std::size_t rows, std::size_t entries) {
  const std::vector<std::int64_t> start = archive.integers("indptr.npy");
  if (start.size() != rows + 1 || start.front() != 0 ||
      start.back() != static_cast<std::int64_t>(entries) ||
      !std::is_sorted(start.begin(), start.end())) {
    archive.fail(
        "indptr.npy does not fit the matrix",
        std::to_string(rows + 1) + " ascending numbers from 0 to " + std::to_string(entries));
  }
  std::vector<std::int64_t> row_of(entries);
  for (std::size_t row = 0; row < rows; ++row) {
    std::fill(row_of.begin() + start[row], row_of.begin() + start[row + 1],
              static_cast<std::int64_t>(row));
  }
  return row_of;
}

void check_range(const NpzArchive& archive, const std::vector<std::int64_t>& index,
                 std::size_t entries, std::uint32_t end, const char* what) {
  if (index.size() != entries) {
    archive.fail("holds " + std::to_string(index.size()) + " " + what + "s but " +
                     std::to_string(entries) + " weights",
                 "as many");
  }
  for (const std::int64_t i : index) {
    if (i < 0 || i >= end) {
      archive.fail("holds the " + std::string(what) + " " + std::to_string(i),
                   "0 to " + std::to_string(static_cast<std::int64_t>(end) - 1));
    }
  }
}

SparseMatrix read_matrix(const NpzArchive& archive) {
  const std::string format = archive.text("format.npy");
  const std::vector<std::int64_t> shape = archive.integers("shape.npy");
  if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1 || shape[0] > kMaxItems ||
      shape[1] > kMaxTags) {
    archive.fail("shape.npy is no shape of items x tags",
                 "two numbers, at most " + std::to_string(kMaxItems) + " items and " +
                     std::to_string(kMaxTags) + " tags");
  }
  SparseMatrix matrix;
  matrix.items = static_cast<std::uint32_t>(shape[0]);
  matrix.tags = static_cast<std::uint32_t>(shape[1]);
  matrix.weight = archive.numbers("data.npy");
  const std::size_t entries = matrix.weight.size();
  if (format == "csr") {
    matrix.item = expand(archive, matrix.items, entries);
    matrix.tag = archive.integers("indices.npy");
  } else if (format == "csc") {
    matrix.item = archive.integers("indices.npy");
    matrix.tag = expand(archive, matrix.tags, entries);
  } else if (format == "coo") {
    matrix.item = archive.integers("row.npy");
    matrix.tag = archive.integers("col.npy");
  } else {
    archive.fail("has the sparse format " + shorten(format), "csr, csc or coo");
  }
  check_range(archive, matrix.item, entries, matrix.items, "row");
  check_range(archive, matrix.tag, entries, matrix.tags, "column");
  return matrix;
}

// A JSON list in one or more lines, or a name on each line.
std::vector<std::string> parse_names(InputFile& file) {
  std::vector<std::string> names;
  std::string_view line;
  while (file.next_line(line)) {
    names.emplace_back(line);
  }
  while (!names.empty() && names.back().empty()) {
    names.pop_back();
  }
  std::string text;
  for (const std::string& name : names) {
    text += name + '\n';
  }
  // Tags may begin with a bracket; a list goes on with a quote.
  const std::size_t bracket = text.find_first_not_of(" \t\n");
  if (bracket == std::string::npos || text[bracket] != '[' ||
      text.find_first_not_of(" \t\n", bracket + 1) == std::string::npos ||
      text[text.find_first_not_of(" \t\n", bracket + 1)] != '"') {
    return names;
  }
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool is_list =
      json.is_array() &&
      std::all_of(json.begin(), json.end(), [](const auto& name) { return name.is_string(); });
  if (!is_list) {
    throw Error(ErrorKind::bad_data, {.file = file.path(),
                                      .found = "begins as a JSON list but is none of strings",
                                      .expected = R"(["tag", "tag", ...] or a tag on each line)"});
  }
  return json.get<std::vector<std::string>>();
}

IdIndex read_names(const std::string& path, std::uint32_t tags) {
  InputFile file(path);
  const std::vector<std::string> names = parse_names(file);
  const auto fail = [&](const std::string& found, const std::string& expected) {
    throw Error(ErrorKind::bad_data, {.file = path,
                                      .found = found,
                                      .expected = expected,
                                      .hint = "the list of names that belongs to the matrix"});
  };
  if (names.size() != tags) {
    fail("holds " + std::to_string(names.size()) + " tag names",
         std::to_string(tags) + ", one for each column of the matrix");
  }
  IdIndex index;
  for (std::uint32_t tag = 0; tag < names.size(); ++tag) {
    if (names[tag].empty() || index.insert(names[tag]) != tag) {
      fail("tag " + std::to_string(tag + 1) + ", " + shorten(names[tag]) +
               (names[tag].empty() ? ", is empty" : ", is named twice"),
           "a different name for each column of the matrix");
    }
  }
  return index;
}

void count_off(IdIndex& index, std::uint32_t size) {
  for (std::uint32_t i = 0; i < size; ++i) {
    index.insert(std::to_string(i));
  }
}

std::string fingerprint_of(const std::string& path) {
  ByteSource source(path);
  Sha256 hash;
  std::vector<char> buffer(std::size_t{1} << 16);
  while (const std::size_t count = source.read(buffer.data(), buffer.size())) {
    hash.update({buffer.data(), count});
  }
  return hash.hex();
}

}  // namespace

bool looks_like_npz(const std::string& path) {
  struct stat status = {};
  // Only a regular file can be looked into without taking bytes from it.
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return false;
  }
  char magic[4] = {};
  std::ifstream(path, std::ios::binary).read(magic, sizeof magic);
  return std::memcmp(magic, "PK\3\4", 4) == 0 || std::memcmp(magic, "PK\5\6", 4) == 0;
}

Tags read_npz_tags(const std::string& path, const ReadTagsOptions& options,
                   ReadTagsSummary& summary) {
  if (path == "-") {
    throw Error(ErrorKind::usage,
                {.file = path,
                 .found = "cannot hold an npz archive, which is read out of order",
                 .hint = "the path of a file"});
  }
  summary.fingerprint = fingerprint_of(path);  // says as well why a path cannot be opened
  const NpzArchive archive(path);
  const SparseMatrix matrix = read_matrix(archive);
  TagBuilder builder;
  for (std::size_t k = 0; k < matrix.weight.size(); ++k) {
    const float weight = matrix.weight[k];
    if (!(weight >= 0.0F && weight <= 1.0F)) {
      archive.fail("holds the weight " + std::to_string(weight) + " in row " +
                       std::to_string(matrix.item[k]) + ", column " + std::to_string(matrix.tag[k]),
                   "a number from 0 to 1");
    }
    builder.add(static_cast<std::uint32_t>(matrix.item[k]),
                static_cast<std::uint32_t>(matrix.tag[k]), weight);
  }
  Tags tags;
  tags.matrix = builder.build(matrix.items, matrix.tags);
  if (builder.duplicates() > 0) {
    // SciPy means their sum where the text formats mean the last one: ask rather than guess.
    throw Error(ErrorKind::bad_data,
                {.file = path,
                 .found = std::to_string(builder.duplicates()) + " entries are given twice",
                 .hint = "matrix.sum_duplicates() before it is saved"});
  }
  count_off(tags.items, matrix.items);
  if (options.names_file.empty()) {
    count_off(tags.names, matrix.tags);
  } else {
    tags.names = read_names(options.names_file, matrix.tags);
  }
  summary.rows = matrix.weight.size();
  return tags;
}

}  // namespace balse
