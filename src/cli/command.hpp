#pragma once

#include <memory>
#include <string>
#include <vector>

#include "help.hpp"
#include "path_conflicts.hpp"

namespace CLI {
class App;
}

namespace balse::cli {

/// One subcommand: setup() declares its options on `app` and opens nothing; run() does the work.
/// What a user did wrong leaves run() as balse::Error; main() prints it and turns it into the exit
/// code.
class Command {
 public:
  virtual ~Command() = default;
  Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  virtual void setup(CLI::App& app) = 0;
  /// For the end of --help and the man page.
  virtual std::vector<Example> examples() const = 0;
  /// `command_line` is argv, for reports that must say how they were made.
  virtual void run(const std::vector<std::string>& command_line) = 0;

  /// The file that --config names.
  void set_config(const std::string& path) { config_.path = path; }

 protected:
  /// An input as others are, which no output may replace.
  const NamedPath& config() const { return config_; }

 private:
  NamedPath config_{"--config", ""};
};

std::unique_ptr<Command> make_compare_command();
std::unique_ptr<Command> make_convert_command();
std::unique_ptr<Command> make_describe_command();
std::unique_ptr<Command> make_eval_command();
std::unique_ptr<Command> make_explain_command();
std::unique_ptr<Command> make_fit_command();
std::unique_ptr<Command> make_help_command();
std::unique_ptr<Command> make_info_command();
std::unique_ptr<Command> make_predict_command();
std::unique_ptr<Command> make_recommend_command();
std::unique_ptr<Command> make_synth_command();
std::unique_ptr<Command> make_tag_command();

}  // namespace balse::cli
