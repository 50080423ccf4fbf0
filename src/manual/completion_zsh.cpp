#include "completions.hpp"

namespace balse::manual {
namespace {

constexpr const char* kMiddle = R"(
  _arguments -C $options \
    '1:command:->command' \
    '*::argument:->argument' && return

  case $state in
    command)
      _describe -t commands 'balse command' commands
      ;;
    argument)
      case $words[1] in
)";

constexpr const char* kZshEnd = R"(      esac
      ;;
  esac
}

if [[ $funcstack[1] == _balse ]]; then
  _balse "$@"
else
  compdef _balse balse
fi
)";

/// Text inside an _arguments specification, where brackets and colons end parts of it.
std::string zsh_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '[' || c == ']' || c == ':') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

/// ":FILE:_files": what the value is called, and what completes it.
std::string zsh_value(const Argument& argument) {
  std::string action = " ";
  switch (argument.completion()) {
    case Completion::file:
      action = "_files";
      break;
    case Completion::folder:
      action = "_files -/";
      break;
    case Completion::words:
      action = "(" + joined(argument.words, " ") + ")";
      break;
    case Completion::none:
      break;
  }
  return ':' + zsh_escaped(argument.type) + ':' + action;
}

std::vector<std::string> specifications(const CommandOutline& command) {
  std::vector<std::string> specs;
  for (const Argument& option : command.options()) {
    std::vector<std::string> excluded = option.excludes;
    if (!option.repeated) {
      excluded.insert(excluded.end(), option.names.begin(), option.names.end());
    }
    for (const std::string& name : option.names) {
      std::string spec = excluded.empty() ? "" : "(" + joined(excluded, " ") + ")";
      spec += option.repeated ? "*" : "";
      spec += name;
      if (option.takes_value()) {
        spec += name.starts_with("--") ? '=' : '+';  // also allows --name=value, -nvalue
      }
      spec += '[' + zsh_escaped(shortened(option.description)) + ']';
      spec += option.takes_value() ? zsh_value(option) : "";
      specs.push_back(shell_quoted(spec));
    }
  }
  int place = 0;
  for (const Argument& positional : command.positionals) {
    specs.push_back(shell_quoted((positional.repeated ? "*" : std::to_string(++place)) +
                                 zsh_value(positional)));
  }
  return specs;
}

}  // namespace

std::string zsh_completion(const Outline& outline) {
  std::string text =
      "#compdef balse\n# zsh completion for balse; written by the build.\n\n_balse() {\n"
      "  local curcontext=\"$curcontext\" state line\n  local -a options commands\n  options=(\n";
  for (const std::string& spec : specifications(outline.program)) {
    text += "    " + spec + '\n';
  }
  text += "  )\n  commands=(\n";
  for (const CommandOutline& command : outline.commands) {
    text += "    " + shell_quoted(command.name + ':' + zsh_escaped(command.summary)) + '\n';
  }
  text += std::string("  )\n") + kMiddle;
  for (const CommandOutline& command : outline.commands) {
    text += "        " + command.name + ")\n          _arguments";
    for (const std::string& spec : specifications(command)) {
      text += " \\\n            " + spec;
    }
    text += "\n          ;;\n";
  }
  return text + kZshEnd;
}

}  // namespace balse::manual
