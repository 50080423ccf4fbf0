#include "data/tags_npz.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string_view>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "balse/data/input_file.hpp"
#include "balse/data/sha256.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/npz_archive.hpp"
#include "data/npz_numbers.hpp"
#include "data/tag_builder.hpp"

namespace balse {
namespace {

constexpr std::int64_t kMaxItems = 10'000'000;
constexpr std::int64_t kMaxTags = 1'000'000;

// A file of 200 bytes may claim any number of empty rows, and one of a megabyte may unpack to a
// thousand, yet rows and entries cost memory. More than these are believed only of files that are
// large: a tag of an item takes a byte or two in an archive, and only what is the same over and
// over takes less.
constexpr std::uint64_t kItemsOfAnyFile = 1'000'000;
constexpr std::uint64_t kEntriesOfAnyFile = 10'000'000;
constexpr std::uint64_t kEntriesPerByte = 16;
constexpr const char* kUnpacked =
    "scipy.sparse.save_npz(file, matrix.tocsr(), compressed=False), which is believed more";

/// Reads the matrix entry by entry: no array is ever in memory as a whole.
class MatrixReader {
 public:
  MatrixReader(const NpzArchive& archive, TagBuilder& builder)
      : archive_(archive), builder_(builder) {}

  void read();

  std::uint32_t items() const { return items_; }
  std::uint32_t tags() const { return tags_; }
  std::uint64_t entries() const { return entries_; }

  [[noreturn]] void fail_twice(std::uint64_t times) const;

 private:
  using Integers = NpzNumbers<std::int64_t>;

  void read_shape();
  void check_entries(std::uint64_t entries);
  void check_indices(const Integers& index, const char* what) const;
  void read_compressed(bool by_item);
  void read_coordinates();
  void add(std::int64_t item, std::int64_t tag, float weight);
  [[noreturn]] void fail_range(const char* what, std::int64_t found, std::uint32_t end) const;

  const NpzArchive& archive_;
  TagBuilder& builder_;
  std::uint32_t items_ = 0;
  std::uint32_t tags_ = 0;
  std::uint64_t entries_ = 0;
};

void MatrixReader::read() {
  const std::string format = archive_.text("format.npy");
  read_shape();
  if (format == "csr" || format == "csc") {
    read_compressed(format == "csr");
  } else if (format == "coo") {
    read_coordinates();
  } else {
    archive_.fail("has the sparse format " + shorten(format), "csr, csc or coo");
  }
}

void MatrixReader::read_shape() {
  Integers shape(archive_, "shape.npy");
  const bool is_pair = shape.size() == 2;
  const std::int64_t items = is_pair ? shape.next() : 0;
  const std::int64_t tags = is_pair ? shape.next() : 0;
  if (items < 1 || tags < 1 || items > kMaxItems || tags > kMaxTags) {
    archive_.fail("shape.npy is no shape of items x tags",
                  "two numbers, at most " + std::to_string(kMaxItems) + " items and " +
                      std::to_string(kMaxTags) + " tags");
  }
  const std::uint64_t believed = std::max(kItemsOfAnyFile, archive_.bytes());
  if (static_cast<std::uint64_t>(items) > believed) {
    archive_.fail("claims " + std::to_string(items) + " items in " +
                      std::to_string(archive_.bytes()) + " bytes",
                  "at most " + std::to_string(believed), kUnpacked);
  }
  items_ = static_cast<std::uint32_t>(items);
  tags_ = static_cast<std::uint32_t>(tags);
}

void MatrixReader::check_entries(std::uint64_t entries) {
  const std::uint64_t cells = std::uint64_t{items_} * tags_;
  if (entries > cells) {
    fail_twice(entries - cells);
  }
  const std::uint64_t believed = std::max(kEntriesOfAnyFile, kEntriesPerByte * archive_.bytes());
  if (entries > believed) {
    archive_.fail("unpacks to " + std::to_string(entries) + " weights from " +
                      std::to_string(archive_.bytes()) + " bytes",
                  "at most " + std::to_string(believed), kUnpacked);
  }
  entries_ = entries;
}

void MatrixReader::check_indices(const Integers& index, const char* what) const {
  if (index.size() != entries_) {
    archive_.fail("holds " + counted(index.size(), what) + " but " + counted(entries_, "weight"),
                  "as many");
  }
}

// csr, by rows (items); csc, by columns (tags).
void MatrixReader::read_compressed(bool by_item) {
  NpzNumbers<float> weight(archive_, "data.npy");
  check_entries(weight.size());
  Integers index(archive_, "indices.npy");
  check_indices(index, by_item ? "column" : "row");
  Integers start(archive_, "indptr.npy");
  const std::int64_t rows = by_item ? items_ : tags_;
  const std::uint64_t columns = by_item ? tags_ : items_;
  const auto fail = [&] {
    archive_.fail(
        "indptr.npy does not fit the matrix",
        std::to_string(rows + 1) + " ascending numbers from 0 to " + std::to_string(entries_));
  };
  if (start.size() != static_cast<std::uint64_t>(rows) + 1 || start.next() != 0) {
    fail();
  }
  std::uint64_t entry = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t next = start.next();
    if (next < 0 || static_cast<std::uint64_t>(next) < entry ||
        static_cast<std::uint64_t>(next) > entries_) {
      fail();
    }
    const auto end = static_cast<std::uint64_t>(next);
    if (end - entry > columns) {
      fail_twice(end - entry - columns);
    }
    for (; entry < end; ++entry) {
      const std::int64_t column = index.next();
      add(by_item ? row : column, by_item ? column : row, weight.next());
    }
  }
  if (entry != entries_) {
    fail();
  }
}

void MatrixReader::read_coordinates() {
  NpzNumbers<float> weight(archive_, "data.npy");
  check_entries(weight.size());
  Integers item(archive_, "row.npy");
  check_indices(item, "row");
  Integers tag(archive_, "col.npy");
  check_indices(tag, "column");
  for (std::uint64_t entry = 0; entry < entries_; ++entry) {
    const std::int64_t row = item.next();
    const std::int64_t column = tag.next();
    add(row, column, weight.next());
  }
}

void MatrixReader::add(std::int64_t item, std::int64_t tag, float weight) {
  if (item < 0 || item >= items_) {
    fail_range("row", item, items_);
  }
  if (tag < 0 || tag >= tags_) {
    fail_range("column", tag, tags_);
  }
  if (!(weight >= 0.0F && weight <= 1.0F)) {
    archive_.fail("holds the weight " + std::to_string(weight) + " in row " + std::to_string(item) +
                      ", column " + std::to_string(tag),
                  "a number from 0 to 1");
  }
  builder_.add(static_cast<std::uint32_t>(item), static_cast<std::uint32_t>(tag), weight);
}

// SciPy means their sum where the text formats mean the last one: ask rather than guess.
void MatrixReader::fail_twice(std::uint64_t times) const {
  archive_.fail(counted(times, "entry is", "entries are") + " given twice", {},
                "matrix.sum_duplicates() before it is saved");
}

void MatrixReader::fail_range(const char* what, std::int64_t found, std::uint32_t end) const {
  archive_.fail("holds the " + std::string(what) + " " + std::to_string(found),
                "0 to " + std::to_string(static_cast<std::int64_t>(end) - 1));
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
    fail("holds " + counted(names.size(), "tag name"),
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
  summary.fingerprint = file_fingerprint(path);  // says as well why a path cannot be opened
  const NpzArchive archive(path);
  TagBuilder builder;
  MatrixReader reader(archive, builder);
  reader.read();
  Tags tags;
  tags.matrix = builder.build(reader.items(), reader.tags());
  if (builder.duplicates() > 0) {
    reader.fail_twice(builder.duplicates());
  }
  if (!archive.has("items.npy")) {
    count_off(tags.items, reader.items());
    summary.guess = "no array \"items\", so the ids of the items are the row numbers from 0 on";
  } else {
    tags.items = ids_of(archive, "items.npy", "item", reader.items());
  }
  if (options.names_file.empty() && archive.has("tags.npy")) {
    tags.names = ids_of(archive, "tags.npy", "tag", reader.tags());
  } else if (options.names_file.empty()) {
    count_off(tags.names, reader.tags());
  } else {
    tags.names = read_names(options.names_file, reader.tags());
  }
  summary.rows = reader.entries();
  summary.read_as = "NumPy's archive of a sparse matrix, items x tags";
  return tags;
}

}  // namespace balse
