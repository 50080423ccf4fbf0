#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/id_index.hpp"

namespace balse {

/// What items are called, for people to read.
struct Works {
  IdIndex items;
  std::vector<std::string> titles;      ///< by item
  std::vector<std::string> categories;  ///< by item; "" where the file has none
};

/// Which columns are looked at, as in TagColumns.
struct WorkColumns {
  std::string item;
  std::string title;
  std::string category;

  /// "item=id,title=name"; throws Error(usage).
  static WorkColumns parse(std::string_view text);
};

struct ReadWorksOptions {
  std::string delimiter;  ///< empty: detected among tab, "::", comma, semicolon and "|"
  WorkColumns columns;
  /// Where given, the item is the column most of whose values are among these.
  const IdIndex* rated = nullptr;
  bool skip_bad_rows = false;  ///< messages do not tell of it: no option of the program sets it
};

struct ReadWorksSummary {
  std::uint64_t rows = 0;  ///< data rows in the file, bad ones included
  std::uint64_t bad_rows = 0;
  std::uint64_t duplicates = 0;  ///< rows of an item that has a title already; the last counts
  std::string first_duplicate;   ///< the first such row's item, and
  std::uint64_t first_duplicate_line = 0;
  std::vector<std::string> first_bad_rows;  ///< messages of the first five
  bool had_header = false;
  std::string read_as;  ///< what was taken for what
  std::string guess;    ///< what of that was a guess; else empty
  std::string fingerprint;
};

/// Reads item,title[,category] from a path or "-". A header is one that names an item and a title
/// column; then the columns are where it says, and a category column is the one called category,
/// type or kind. Without, the title is the first column of words after the item. A title in the
/// last column may hold the delimiter. JSON and JSON lines are objects with an item and a title.
/// Throws Error(bad_data) for the first bad row, and for a file without any work.
Works read_works(const std::string& path, const ReadWorksOptions& options,
                 ReadWorksSummary& summary);

}  // namespace balse
