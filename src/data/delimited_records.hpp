#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"

namespace balse {

/// Rows of a delimited file, whose quoted fields may go on over several lines; blank lines are
/// none, nor are comments and Excel's "sep=" before the first. For files of which nobody has
/// millions of rows: all fields of a row are split.
class DelimitedRecords {
 public:
  DelimitedRecords(InputFile& file, std::string delimiter)
      : file_(file), delimiter_(std::move(delimiter)) {}

  /// The next row; false at the end. Where its quotes are wrong, fields().problem() tells, and
  /// is_whole() is false.
  bool next();

  const LineSplitter& fields() const { return splitter_; }
  bool is_whole() const { return whole_; }
  std::string_view text() const { return text_; }
  std::uint64_t line() const { return file_.line_number(); }
  const std::string& delimiter() const { return splitter_.delimiter(); }
  InputFile& file() { return file_; }

 private:
  bool take_preamble();
  void choose_delimiter();

  InputFile& file_;
  std::string delimiter_;  // given or said; empty: detected
  LineSplitter splitter_{","};
  std::string_view text_;
  bool whole_ = false;
  bool started_ = false;
};

}  // namespace balse
