#include "completions.hpp"

namespace balse::manual {
namespace {

/// In fish's single quotes, where only the backslash and the quote are special.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\\' || c == '\'') {
      out += '\\';
    }
    out += c;
  }
  return out + "'";
}

/// What completes a value; -x is "needs one, and no file names".
std::string fish_value(const Argument& argument) {
  switch (argument.completion()) {
    case Completion::file:
      return " -r -F";
    case Completion::folder:
      return " -x -a '(__fish_complete_directories)'";
    case Completion::words:
      return " -x -a " + quoted(joined(argument.words, " "));
    case Completion::none:
      return " -x";
  }
  return "";
}

std::string option_lines(const CommandOutline& command, const std::string& condition) {
  std::string text;
  for (const Argument& option : command.options()) {
    text += "complete -c balse -n " + quoted(condition);
    for (const std::string& name : option.names) {
      text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    text += (option.takes_value() ? fish_value(option) : "") + " -d " +
            quoted(shortened(option.description)) + '\n';
  }
  return text;
}

}  // namespace

std::string fish_completion(const Outline& outline) {
  std::string text = "# fish completion for balse; written by the build.\ncomplete -c balse -f\n";
  const std::string first = "__fish_use_subcommand";
  for (const CommandOutline& command : outline.commands) {
    text += "complete -c balse -n " + quoted(first) + " -a " + quoted(command.name) + " -d " +
            quoted(command.summary) + '\n';
  }
  text += option_lines(outline.program, first);
  for (const CommandOutline& command : outline.commands) {
    const std::string condition = "__fish_seen_subcommand_from " + command.name;
    for (const Argument& positional : command.positionals) {
      if (positional.completion() == Completion::file) {
        text += "complete -c balse -n " + quoted(condition) + " -F\n";
      } else if (positional.completion() != Completion::none) {
        // No -x here: it belongs to options.
        text += "complete -c balse -n " + quoted(condition) + " -a " +
                (positional.completion() == Completion::folder
                     ? "'(__fish_complete_directories)'"
                     : quoted(joined(positional.words, " "))) +
                '\n';
      }
    }
    text += option_lines(command, condition);
  }
  return text;
}

}  // namespace balse::manual
