#include "outline.hpp"

#include <set>
#include <sstream>

#include "cli/choices.hpp"

namespace balse::manual {
namespace {

/// What --help shows between the type and the words: "INT in [0 - 4096]", "NONNEGATIVE".
std::string range_of(const std::string& type) {
  const std::size_t colon = type.find(':');
  if (colon == std::string::npos || type[colon + 1] == '{') {
    return "";
  }
  return CLI::detail::to_lower(type.substr(colon + 1));
}

/// In CLI11's set they are in the order of their addresses; sorted, the output is always the same.
std::vector<std::string> names_of(const std::set<CLI::Option*>& options) {
  std::set<std::string> names;
  for (const CLI::Option* option : options) {
    names.insert(option->get_name());
  }
  return {names.begin(), names.end()};
}

Argument make_argument(const CLI::Option& option) {
  Argument argument;
  for (const std::string& name : option.get_snames()) {
    argument.names.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    argument.names.push_back("--" + name);
  }
  if (option.get_positional()) {
    argument.names = {option.get_name(true)};
  }
  if (option.get_type_size() != 0) {
    const std::string type = option.get_type_name();
    argument.type = type.substr(0, type.find(':'));
    argument.range = range_of(type);
    argument.words = cli::words_of(option);
    argument.default_value = option.get_default_str();
  }
  argument.description = option.get_description();
  argument.excludes = names_of(option.get_excludes());
  argument.needs = names_of(option.get_needs());
  argument.required = option.get_required();
  argument.repeated = option.get_expected_max() >= CLI::detail::expected_max_vector_size;
  return argument;
}

CommandOutline make_command(const CLI::App& app, std::vector<cli::Example> examples) {
  CommandOutline command;
  command.name = app.get_name();
  command.summary = app.get_description();
  command.examples = std::move(examples);
  for (const std::string& title : app.get_groups()) {
    Group group{.title = title, .options = {}};
    for (const CLI::Option* option : app.get_options()) {
      if (title.empty() || option->get_group() != title) {
        continue;  // CLI11 hides options without a group
      }
      (option->get_positional() ? command.positionals : group.options)
          .push_back(make_argument(*option));
    }
    if (!group.options.empty()) {
      command.groups.push_back(std::move(group));
    }
  }
  return command;
}

}  // namespace

Completion Argument::completion() const {
  if (!words.empty()) {
    return Completion::words;
  }
  return type == "FILE"     ? Completion::file
         : type == "FOLDER" ? Completion::folder
                            : Completion::none;
}

std::vector<Argument> CommandOutline::options() const {
  std::vector<Argument> all;
  for (const Group& group : groups) {
    all.insert(all.end(), group.options.begin(), group.options.end());
  }
  return all;
}

Outline make_outline(cli::Program& program) {
  Outline outline{.program = make_command(program.app(), program.examples()), .commands = {}};
  for (const cli::Program::Subcommand& subcommand : program.subcommands()) {
    outline.commands.push_back(make_command(*subcommand.app, subcommand.command->examples()));
  }
  return outline;
}

std::string shortened(const std::string& description) {
  constexpr std::size_t kWidth = 72;
  if (description.size() <= kWidth) {
    return description;
  }
  const std::size_t end = description.rfind(' ', kWidth - 3);
  return description.substr(0, description.find_last_not_of(" ,;:", end) + 1) + "...";
}

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : separator) + word;
  }
  return text;
}

}  // namespace balse::manual
