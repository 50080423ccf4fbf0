#pragma once

namespace balse::cli {

/// What spdlog is told goes to standard error, a line a message: whatever ids, paths and other
/// libraries' messages put into one, a terminal has nothing to obey.
void prepare_logger();

}  // namespace balse::cli
