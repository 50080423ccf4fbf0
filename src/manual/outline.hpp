#pragma once

#include <string>
#include <vector>

#include "cli/help.hpp"
#include "cli/program.hpp"

namespace balse::manual {

/// What completes the value of an option or positional.
enum class Completion { none, file, folder, words };

/// An option or a positional.
struct Argument {
  std::vector<std::string> names;  ///< "-h" and "--help"; a positional's single name
  std::string type;                ///< "FILE"; empty if it is a flag
  std::vector<std::string> words;  ///< the only values there are, if not empty
  std::string range;               ///< a limit of the values, in words
  std::string default_value;
  std::string description;
  std::vector<std::string> excludes;  ///< options that it cannot be given with
  std::vector<std::string> needs;     ///< options that it cannot be given without
  bool required = false;
  bool repeated = false;

  bool takes_value() const { return !type.empty(); }
  Completion completion() const;
};

struct Group {
  std::string title;
  std::vector<Argument> options;
};

struct CommandOutline {
  std::string name;
  std::string summary;
  std::vector<Argument> positionals;
  std::vector<Group> groups;
  std::vector<cli::Example> examples;

  std::vector<Argument> options() const;  ///< of all groups
};

/// The command line as plain data, read off CLI11's tree once for all the writers.
struct Outline {
  CommandOutline program;
  std::vector<CommandOutline> commands;
};

Outline make_outline(cli::Program& program);

/// A description cut, between two words, to what fits beside an option in a shell's list.
std::string shortened(const std::string& description);

/// In single quotes, for bash and zsh.
std::string shell_quoted(const std::string& text);

std::string joined(const std::vector<std::string>& words, const std::string& separator);

}  // namespace balse::manual
