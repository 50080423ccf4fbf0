#include "log_file.hpp"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "balse/support/error.hpp"
#include "balse/support/printable.hpp"
#include "balse/support/system_calls.hpp"

namespace balse::cli {
namespace {

using LogTime = std::chrono::system_clock::time_point;

/// One a process: what has no memory left writes to it as well.
struct LogPlace {
  int descriptor = -1;
  LogFormat format = LogFormat::text;
};
LogPlace log_place;

constexpr std::size_t kTimeBytes = 40;

/// ISO 8601, UTC. Without memory and without the C library's time zones.
void write_time(LogTime time, char (&text)[kTimeBytes]) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<milliseconds>(time - day));
  std::snprintf(
      text, kTimeBytes, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
}

class LogFileSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit LogFileSink(std::string path) : path_(std::move(path)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (failed_) {
      return;
    }
    if (!write_all(log_place.descriptor, log_line(message))) {
      failed_ = true;  // before it is said, here as well
      spdlog::warn("{}: the log cannot be written: {}; it ends here", printable(path_),
                   system_message(errno));
    }
  }
  void flush_() override {}

  static std::string log_line(const spdlog::details::log_msg& message) {
    char time[kTimeBytes];
    write_time(message.time, time);
    const auto level = spdlog::level::to_string_view(message.level);
    const std::string level_word(level.data(), level.size());
    const std::string words =
        escape(std::string_view(message.payload.data(), message.payload.size()));
    if (log_place.format == LogFormat::text) {
      return std::string(time) + ' ' + level_word + ": " + words + '\n';
    }
    const nlohmann::ordered_json json = {{"time", time}, {"level", level_word}, {"message", words}};
    return json.dump() + '\n';
  }

  std::string path_;
  bool failed_ = false;
};

}  // namespace

void open_log_file(const std::string& path, LogFormat format) {
  constexpr mode_t kLogMode = 0666;
  const int descriptor = uninterrupted([&] {
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, kLogMode);
  });
  if (descriptor < 0) {
    throw Error(kind_of_failure(errno, ErrorKind::cannot_create),
                {.file = path,
                 .found = "the log cannot be opened: " + system_message(errno),
                 .hint = "a folder that exists and is writable"});
  }
  log_place = {descriptor, format};
  spdlog::default_logger()->sinks().push_back(std::make_shared<LogFileSink>(path));
}

void log_without_memory(std::string_view level, std::string_view words) noexcept {
  if (log_place.descriptor < 0) {
    return;
  }
  char time[kTimeBytes];
  write_time(std::chrono::system_clock::now(), time);
  char line[512];
  const char* const format = log_place.format == LogFormat::text
                                 ? "%s %.*s: %.*s\n"
                                 : R"({"time":"%s","level":"%.*s","message":"%.*s"})"
                                   "\n";
  const int length = std::snprintf(line, sizeof line, format, time, static_cast<int>(level.size()),
                                   level.data(), static_cast<int>(words.size()), words.data());
  if (length > 0 && static_cast<std::size_t>(length) < sizeof line &&
      ::write(log_place.descriptor, line, static_cast<std::size_t>(length)) < 0) {
    // Nowhere to say it.
  }
}

}  // namespace balse::cli
