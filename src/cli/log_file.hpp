#pragma once

#include <string>
#include <string_view>

namespace balse::cli {

enum class LogFormat {
  text,  ///< 2026-11-28T03:00:07.123Z warning: ratings.csv: ...
  json   ///< {"time":"2026-11-28T03:00:07.123Z","level":"warning","message":"ratings.csv: ..."}
};

/// From now on all that is said also goes to the end of this file, a line a message. Each line is
/// written at once and wherever the end of the file then is, so that logrotate may cut or rename
/// it. Throws Error(cannot_create).
void open_log_file(const std::string& path, LogFormat format);

/// A line of that file, if there is one, for those who have no memory left, or were interrupted by
/// a signal: printable words without quotes and backslashes.
void log_without_memory(std::string_view level, std::string_view words) noexcept;

}  // namespace balse::cli
