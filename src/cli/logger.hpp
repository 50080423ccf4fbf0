#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace balse::cli {

/// What spdlog is told goes to standard error, a line a message: whatever ids, paths and other
/// libraries' messages put into one, a terminal has nothing to obey.
void prepare_logger();

/// From now on only warnings and errors go to standard error, and no progress line.
void be_quiet();
bool is_quiet();

/// What was warned of so far.
struct Warnings {
  static constexpr std::size_t kKept = 100;

  std::size_t count = 0;
  std::vector<std::string> first;  ///< up to kKept of them
};
const Warnings& warnings();

/// From now on a run that is done, but has warned, says so by its exit code.
void be_strict();
/// What a run that is done ends with: 0, or kDoneWithWarnings.
int done_exit_code();

}  // namespace balse::cli
