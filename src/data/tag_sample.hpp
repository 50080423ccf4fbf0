#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// The fields of a row, kept.
using TagRow = std::vector<std::string>;

/// What the values of a column can be.
struct TagColumnKind {
  std::size_t texts = 0;
  std::size_t numbers = 0;
  std::size_t above_one = 0;
  std::size_t whole_above_one = 0;
  std::size_t fractions = 0;  // between 0 and 1
  std::size_t truths = 0;
  double highest = 0.0;

  bool is_text() const { return texts > numbers + truths; }
  /// Numbers of something, and no weights, which end at 1.
  bool is_count() const { return whole_above_one > 0 && fractions == 0 && truths == 0; }
};

/// The first rows of a tag file, by which it is decided how it is written.
class TagSample {
 public:
  /// At least one row; must outlive it.
  explicit TagSample(const std::vector<TagRow>& rows) : rows_(rows) {}

  const TagRow& first() const { return rows_.front(); }
  std::size_t size() const { return rows_.size(); }

  /// The rows are those after a header.
  void set_has_header(bool has_header) { begin_ = has_header ? 1 : 0; }

  TagColumnKind kind_of(std::size_t column) const;
  /// Whether any value has one of these characters.
  bool has_any(std::size_t column, std::string_view characters) const;
  /// Whether all after the first row are numbers, or none is.
  bool all_numbers(std::size_t column, bool numbers) const;
  /// Whether any value comes twice after the first row.
  bool repeats(std::size_t column) const;
  std::vector<std::string> values_of(std::size_t column) const;

 private:
  const std::vector<TagRow>& rows_;
  std::size_t begin_ = 0;
};

}  // namespace balse
