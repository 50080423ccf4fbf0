#include "message_options.hpp"

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "choices.hpp"
#include "log_file.hpp"
#include "logger.hpp"
#include "path_conflicts.hpp"

namespace balse::cli {
namespace {

constexpr const char* kLogFile = "--log-file";
constexpr const char* kLogFormat = "--log-format";
constexpr const char* kQuiet = "--quiet";
constexpr const char* kStrict = "--strict";

/// A log that begins in the ratings or ends in the model ruins them.
void check_log_is_apart(const CLI::App& app, const std::string& log) {
  std::vector<NamedPath> others;
  for (const CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    if (option->get_name() == kLogFile ||
        (!type.starts_with("FILE") && !type.starts_with("PATH"))) {
      continue;
    }
    for (const std::string& path : option->results()) {
      if (path != "-") {
        others.push_back({option->get_positional() ? "the argument " + option->get_name(true)
                                                   : option->get_name(),
                          path});
      }
    }
  }
  check_paths(others, {{kLogFile, log}});
}

}  // namespace

void declare_messages(CLI::App& app) {
  const std::string group = "Messages";
  app.add_option(kLogFile, CLI::callback_t(),
                 "Also append what is said to this file, with the time")
      ->check(file_name())
      ->type_name("FILE")
      ->group(group);
  app.add_option(kLogFormat, CLI::callback_t(),
                 "Of the lines of --log-file; json: an object of time, level and message")
      ->check(CLI::IsMember(std::vector<std::string>{"text", "json"}))
      ->default_str("text")
      ->type_name("WORD")
      ->group(group);
  // Texts, not arrays: of those CLI11 cannot tell which of its functions is meant.
  const std::string quiet = "Say only warnings and errors; --log-file gets everything";
  const std::string strict = "End with 3 where the work is done but something was warned of";
  app.add_flag("-q,--quiet", quiet)->group(group);
  if (app.get_option_no_throw(kStrict) == nullptr) {
    app.add_flag(kStrict, strict)->group(group);
  }
}

void start_messages(const CLI::App& app) {
  if (app.get_option(kStrict)->count() > 0) {
    be_strict();
  }
  if (app.get_option(kQuiet)->count() > 0) {
    be_quiet();
  }
  if (const CLI::Option* log = app.get_option(kLogFile); log->count() > 0) {
    const std::string path = log->results().front();
    check_log_is_apart(app, path);
    const CLI::Option* format = app.get_option(kLogFormat);
    open_log_file(path, format->count() > 0 && format->results().front() == "json"
                            ? LogFormat::json
                            : LogFormat::text);
  }
}

}  // namespace balse::cli
