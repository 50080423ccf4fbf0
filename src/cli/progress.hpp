#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace balse::cli {

/// One line on stderr that says how far a run is and how long it will take: on a terminal only,
/// never in a pipe or a cron mail. Erased when the run ends.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::size_t done, std::size_t total, const std::string& what);

 private:
  void erase() const;

  bool on_terminal_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace balse::cli
