#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "balse/support/atomic_file.hpp"

namespace balse::cli {

/// Where a result goes that a user may name a file for: that file (AtomicFile), or standard output
/// where the name is "-" or none was given.
class ResultFile {
 public:
  explicit ResultFile(const std::string& path);

  /// A reader at the other end of a pipe gets it at once, whatever the pipe's name is.
  void write(std::string_view bytes);
  void commit();

 private:
  std::optional<AtomicFile> file_;
};

}  // namespace balse::cli
