#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/column_names.hpp"
#include "balse/data/tags_reader.hpp"

#include "data/tag_sample.hpp"
#include "data/tag_words.hpp"

namespace balse {

/// The first row of a delimited tag file, which may be its header: what its fields are called, and
/// which columns were chosen. What it is made from must outlive it.
class TagFirstRow {
 public:
  TagFirstRow(const TagRow& row, const ReadTagsOptions& options, const std::string& delimiter,
              const std::string& file, std::uint64_t line);

  std::size_t size() const { return names_.size(); }
  std::string_view operator[](std::size_t column) const { return names_[column]; }

  /// The 0-based column of a choice by name or number; ends in fail() where there is none.
  std::size_t chosen(const std::string& column) const;
  /// The one that is called as such a column is; of a file of users, item and tag are user and
  /// feature.
  std::optional<std::size_t> column(Column column) const {
    return find_column(names_, column_of(options_.subject, column));
  }
  /// Whether that column is called so.
  bool is_called(std::size_t field, Column column) const {
    return column_rank(names_[field], column_of(options_.subject, column)).has_value();
  }
  /// The item's, as it was chosen or is called.
  std::optional<std::size_t> item() const;

  /// Of a file whose item() is known: whether anything was chosen by its name or has one that is
  /// known, or a chosen weight is no number. Numbers of columns alone say nothing of a header.
  bool is_header() const;
  /// Whether a column is called as what works have besides tags is. One that is called so and is a
  /// tag all the same needs --tags-format dense.
  bool is_something_else(std::size_t column) const;

  /// Throws Error(bad_data) that says how a tag file can be written.
  [[noreturn]] void fail(const std::string& found) const;
  /// The same, and says what the first row is.
  [[noreturn]] void fail_as_header(const std::string& why) const;

 private:
  std::vector<std::string_view> names_;
  const ReadTagsOptions& options_;
  const std::string& delimiter_;
  const std::string& file_;
  std::uint64_t line_;
};

}  // namespace balse
