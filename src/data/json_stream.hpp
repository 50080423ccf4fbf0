#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "balse/data/input_file.hpp"

namespace balse {

/// Whether a file begins as JSON does.
bool looks_like_json(std::string_view head);

/// Whether the first line of a file is JSON by itself, and so is every other.
bool looks_like_json_lines(std::string_view head);

/// The bytes of a file one by one, for nlohmann's parser, which takes a value after the other from
/// it without having one in memory.
class JsonBytes {
 public:
  explicit JsonBytes(InputFile& file) : file_(file) { fill(); }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    explicit Iterator(JsonBytes* bytes) : bytes_(bytes) {}
    reference operator*() const { return bytes_->chunk_[bytes_->next_]; }
    Iterator& operator++() {
      bytes_->advance();
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      bytes_->advance();
      return before;
    }
    // Only the end is asked for.
    bool operator==(const Iterator& other) const { return at_end() == other.at_end(); }
    bool operator!=(const Iterator& other) const { return !(*this == other); }

   private:
    bool at_end() const { return bytes_ == nullptr || bytes_->at_end(); }

    JsonBytes* bytes_;
  };

  Iterator begin() { return Iterator(this); }
  static Iterator end() { return Iterator(nullptr); }
  bool at_end() const { return next_ == chunk_.size(); }
  std::uint64_t line() const { return line_; }
  /// Passes over white space, and a comma, which some put between values; false at the end.
  bool skip_space();

 private:
  void fill();
  void advance() {
    line_ += chunk_[next_] == '\n' ? 1 : 0;
    if (++next_ == chunk_.size()) {
      fill();
    }
  }

  InputFile& file_;
  std::string_view chunk_;
  std::size_t next_ = 0;
  std::uint64_t line_ = 1;
};

}  // namespace balse
