#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/evaluation/splits.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "row_positions.hpp"

namespace balse {
namespace {

class FileSplits final : public Splits {
 public:
  FileSplits(std::string description, std::string fingerprint, std::vector<std::vector<Part>> parts)
      : description_(std::move(description)),
        fingerprint_(std::move(fingerprint)),
        parts_(std::move(parts)) {}

  std::size_t folds() const override { return parts_.size(); }
  std::string describe() const override { return description_; }
  std::string fingerprint() const override { return fingerprint_; }
  std::vector<Part> parts(std::size_t fold) const override { return parts_[fold]; }

 private:
  std::string description_;
  std::string fingerprint_;
  std::vector<std::vector<Part>> parts_;
};

/// "nb" for "nb0"; empty where the name does not end in a number.
std::string_view set_name(std::string_view column) {
  const std::size_t last = column.find_last_not_of("0123456789");
  return last == std::string_view::npos || last + 1 == column.size() ? ""
                                                                     : column.substr(0, last + 1);
}

struct FoldColumns {
  std::string set;
  std::vector<std::size_t> fields;  // position of each fold's column in a line
};

FoldColumns choose_columns(const std::string& path, std::string_view header,
                           const std::string& fold_set) {
  LineSplitter splitter(",");
  std::vector<std::string_view> names;
  if (splitter.split(header)) {
    names.assign(splitter.begin(), splitter.end());
  }
  if (names.empty() || names[0] != "row") {
    throw Error(ErrorKind::bad_data, {.file = path,
                                      .line = 1,
                                      .found = "found the header " + shorten(header),
                                      .expected = "row, then columns such as nb0, nb1, ..."});
  }
  std::set<std::string> sets;
  for (const auto name : names) {
    if (!set_name(name).empty()) {
      sets.emplace(set_name(name));
    }
  }
  std::string known;
  for (const std::string& name : sets) {
    known += (known.empty() ? "" : ", ") + name;
  }
  if (sets.empty()) {
    throw Error(ErrorKind::bad_data, {.file = path,
                                      .line = 1,
                                      .found = "found the header " + shorten(header),
                                      .expected = "columns such as nb0, nb1, ... beside row"});
  }
  FoldColumns columns{.set = fold_set.empty() && sets.size() == 1 ? *sets.begin() : fold_set,
                      .fields = {}};
  // A name may end in a digit itself: nb1 then means nb10, nb11, ...
  const bool has_first = std::find(names.begin(), names.end(), columns.set + "0") != names.end();
  if (columns.set.empty() || (!sets.contains(columns.set) && !has_first)) {
    throw Error(ErrorKind::usage,
                {.file = path,
                 .found = fold_set.empty() ? "holds several sets of folds"
                                           : "has no set of folds " + shorten(fold_set),
                 .expected = "one of " + known,
                 .hint = "--fold-set"});
  }
  for (std::size_t fold = 0;; ++fold) {
    const auto place = std::find(names.begin(), names.end(), columns.set + std::to_string(fold));
    if (place == names.end()) {
      break;
    }
    columns.fields.push_back(static_cast<std::size_t>(place - names.begin()));
  }
  const auto in_set = std::count_if(names.begin(), names.end(), [&](std::string_view name) {
    return set_name(name) == columns.set;
  });
  if (columns.fields.empty() || static_cast<std::size_t>(in_set) > columns.fields.size()) {
    throw Error(ErrorKind::bad_data,
                {.file = path,
                 .line = 1,
                 .found = "has no column " + columns.set + std::to_string(columns.fields.size()),
                 .expected = "folds numbered 0, 1, 2, ... without a gap"});
  }
  return columns;
}

/// A fold that trains or tests nothing gives no figure, but a made-up one.
void check_parts(const std::string& path, const std::string& name, const std::vector<Part>& parts) {
  for (const Part part : {Part::train, Part::test}) {
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) {
      throw Error(ErrorKind::bad_data,
                  {.file = path,
                   .found = "fold " + name + " has no rating to " +
                            (part == Part::train ? "train on (0)" : "test (2)"),
                   .expected = "0 (train), 1 (validation) and 2 (test) in every fold"});
    }
  }
}

}  // namespace

std::unique_ptr<Splits> read_splits(const std::string& path, const std::string& fold_set,
                                    const Ratings& ratings) {
  InputFile file(path);
  std::string_view line;
  const bool has_header = file.next_line(line);
  const FoldColumns columns = choose_columns(path, has_header ? line : "", fold_set);
  const RowPositions positions(ratings);
  constexpr auto kMissing = static_cast<Part>(255);
  std::vector<std::vector<Part>> parts(columns.fields.size(),
                                       std::vector<Part>(ratings.size(), kMissing));
  const std::size_t last_field = *std::max_element(columns.fields.begin(), columns.fields.end());
  LineSplitter fields(",");
  std::size_t seen = 0;
  while (file.next_line(line)) {
    if (line.empty()) {
      continue;
    }
    std::uint64_t row = 0;
    bool is_row = fields.split(line) && fields.size() > last_field;
    if (is_row) {
      const char* const stop = fields[0].data() + fields[0].size();
      const auto [end, error] = std::from_chars(fields[0].data(), stop, row);
      is_row = error == std::errc() && end == stop && row < positions.file_rows();
    }
    if (!is_row) {
      throw Error(ErrorKind::bad_data,
                  {.file = path,
                   .line = file.line_number(),
                   .found = "found " + shorten(line),
                   .expected = "a row number below " + std::to_string(positions.file_rows()) +
                               " and a number for each fold",
                   .hint = "the folds that were made for this rating file"});
    }
    const std::size_t position = positions[row];
    if (position == RowPositions::kDropped) {
      continue;
    }
    if (parts[0][position] != kMissing) {
      throw Error(ErrorKind::bad_data, {.file = path,
                                        .line = file.line_number(),
                                        .found = "row " + std::to_string(row) + " comes again",
                                        .expected = "a line for each rating"});
    }
    ++seen;
    for (std::size_t fold = 0; fold < parts.size(); ++fold) {
      const std::string_view text = fields[columns.fields[fold]];
      if (text.size() != 1 || text[0] < '0' || text[0] > '3') {
        throw Error(ErrorKind::bad_data,
                    {.file = path,
                     .line = file.line_number(),
                     .found = "found " + shorten(text) + " as a part",
                     .expected = "0 (train), 1 (validation), 2 (test) or 3 (unused)"});
      }
      parts[fold][position] = static_cast<Part>(text[0] - '0');
    }
  }
  if (seen != ratings.size()) {
    throw Error(ErrorKind::bad_data, {.file = path,
                                      .found = "has folds for " + std::to_string(seen) + " of " +
                                               counted(ratings.size(), "rating"),
                                      .expected = "a line for each rating",
                                      .hint = "the folds that were made for this rating file"});
  }
  for (std::size_t fold = 0; fold < parts.size(); ++fold) {
    check_parts(path, columns.set + std::to_string(fold), parts[fold]);
  }
  return std::make_unique<FileSplits>(
      std::to_string(parts.size()) + " folds " + shorten(columns.set) + " of " + path,
      file.fingerprint(), std::move(parts));
}

void write_splits(const std::string& fold_set, const Splits& splits, const Ratings& ratings,
                  const std::function<void(std::string_view)>& write) {
  if (fold_set.find_first_of(",\"\r\n") != std::string::npos) {
    throw Error(ErrorKind::usage, {.found = "--fold-set " + shorten(fold_set),
                                   .expected = "a name without commas and quotes"});
  }
  std::string header = "row";
  std::vector<std::vector<Part>> parts;
  for (std::size_t fold = 0; fold < splits.folds(); ++fold) {
    header += "," + fold_set + std::to_string(fold);
    parts.push_back(splits.parts(fold));
  }
  constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
  std::string text = header + "\n";
  std::size_t position = 0;
  const RowPositions positions(ratings);
  for (std::uint64_t row = 0; row < positions.file_rows(); ++row) {
    position = positions[row];
    if (position == RowPositions::kDropped) {
      continue;
    }
    text += std::to_string(row);
    for (const auto& fold : parts) {
      text += ',';
      text += static_cast<char>('0' + static_cast<int>(fold[position]));
    }
    text += '\n';
    if (text.size() >= kPieceBytes) {
      write(text);
      text.clear();
    }
  }
  write(text);
}

}  // namespace balse
