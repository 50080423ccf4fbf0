#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

namespace balse {

/// What happens to rows that cannot be read: the first one throws, or, with --skip-bad-rows, they
/// are counted and the first few described.
class BadRows {
 public:
  static constexpr std::size_t kDescribed = 5;

  BadRows(bool skip, std::uint64_t& count, std::vector<std::string>& first)
      : skip_(skip), count_(count), first_(first) {}

  /// `describe` makes the ErrorParts; it is not called for every bad row.
  template <typename Describe>
  void add(const Describe& describe) {
    if (!skip_) {
      throw Error(ErrorKind::bad_data, describe());
    }
    ++count_;
    if (first_.size() < kDescribed) {
      ErrorParts parts = describe();
      parts.hint.clear();  // it was followed: the row is skipped
      first_.emplace_back(Error(ErrorKind::bad_data, std::move(parts)).what());
    }
  }

  /// The error for a file that has nothing to offer but bad rows, or nothing at all.
  [[noreturn]] void fail_nothing_left(const std::string& file, const std::string& what,
                                      const std::string& expected) const {
    ErrorParts parts{.file = file, .found = "holds no " + what, .expected = expected};
    if (count_ > 0) {
      parts.found += ": " + counted(count_, "bad row") + ", the first of them " + first_.front();
      parts.expected.clear();
    }
    throw Error(ErrorKind::bad_data, std::move(parts));
  }

 private:
  bool skip_;
  std::uint64_t& count_;
  std::vector<std::string>& first_;
};

}  // namespace balse
