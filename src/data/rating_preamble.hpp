#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "balse/data/ratings_reader.hpp"

namespace balse {

/// What comes before the first row of a rating file, and what parts the columns of that row.
class RatingPreamble {
 public:
  /// `options` must outlive it.
  explicit RatingPreamble(const ReadRatingsOptions& options) : options_(options) {}

  /// Whether `line` is no row yet: Excel's "sep=;", Weka's "@attribute NAME TYPE" and "@data", or a
  /// comment, which begins with %, or with # where no row follows it.
  bool takes(std::string_view line);
  /// The columns that Weka's lines name; the first row is no header then.
  const std::vector<std::string>& names() const { return names_; }
  /// Of a file whose first row is `line`: what the options or the file say, else what is detected,
  /// spaces and tabs last.
  std::string delimiter_of(std::string_view line) const;

 private:
  const ReadRatingsOptions& options_;
  bool size_comes_ = false;  // of a matrix, in Matrix Market's form
  std::string said_;         // by the file
  std::vector<std::string> names_;
};

}  // namespace balse
