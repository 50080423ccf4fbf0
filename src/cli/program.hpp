#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "help.hpp"
#include "help_formatter.hpp"

namespace balse::cli {

/// All of the command line: the program's own options and every subcommand's. main() parses with
/// it; the writer of man pages and completions reads it.
class Program {
 public:
  struct Subcommand {
    CLI::App* app = nullptr;
    std::unique_ptr<Command> command;
  };

  /// With `only`, the other commands have no options: declaring hundreds takes longer than a
  /// prediction.
  explicit Program(std::string_view only = {});
  Program(const Program&) = delete;  // the subcommands' callbacks point here
  Program& operator=(const Program&) = delete;

  /// The only command whose options matter to this command line; empty where it may be any, as in
  /// `help fit`, or with a config file.
  static std::string_view name_in(int argc, char** argv);

  CLI::App& app() { return app_; }
  const std::vector<Subcommand>& subcommands() const { return subcommands_; }
  /// Examples of the program as a whole; a subcommand's are its command's.
  std::vector<Example> examples() const;

  /// How the program is used and its commands, as at the begin of --help.
  std::string command_list() const;

  /// Parses, with what a config file and presets add, and runs the subcommand; throws
  /// CLI::ParseError, and what Command::run() throws.
  void run(int argc, char** argv);

 private:
  /// What the command line alone says: the command, or null where it is wrong or asks for help.
  const CLI::App* parse_alone(int argc, char** argv);

  Command& command_of(const CLI::App& app);

  std::shared_ptr<HelpFormatter> formatter_;
  CLI::App app_;
  std::vector<Subcommand> subcommands_;
  std::vector<std::string> command_line_;
};

}  // namespace balse::cli
