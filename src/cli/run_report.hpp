#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "output_lock.hpp"
#include "result_file.hpp"

namespace balse::cli {

/// The JSON file that says how a run went, also where it failed: status, exit_code, reason and
/// warnings. While it is open this run alone writes it: of two that name one report, the second
/// ends with 75 and leaves it to the first.
class RunReport {
 public:
  /// No report where the path is empty. Throws Error where it cannot be written or locked.
  RunReport(const std::string& path, std::vector<std::string> command_line,
            std::chrono::seconds lock_wait);

  /// The file beside it that says that it is being written; empty for what is no file.
  static std::string lock_path(const std::string& path);

  /// Does the work. What that throws is reported and thrown on.
  void run(const std::function<void()>& work);

  /// To be called by the work when it is done, with what it found as JSON text.
  void done(const std::string& found);

 private:
  void failed(int exit_code, const char* reason) noexcept;
  void write(const std::string& text);

  std::string path_;
  std::vector<std::string> command_line_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::optional<OutputLock> lock_;
  std::unique_ptr<ResultFile> file_;
};

}  // namespace balse::cli
