#include "completions.hpp"

namespace balse::manual {
namespace {

// Needs nothing of the bash-completion package. Bash splits --gate=op at the equals sign.
constexpr const char* kBegin = R"(# bash completion for balse; written by the build.
_balse() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local command='' index
  COMPREPLY=()
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $previous == '=' ]]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((index = 1; index < COMP_CWORD; ++index)); do
    if [[ ${COMP_WORDS[index]} != -* ]]; then
      command=${COMP_WORDS[index]}
      break
    fi
  done

  # The value of an option.
  case "$command $previous" in
)";

constexpr const char* kFiles =
    R"(      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
      ;;
)";

constexpr const char* kFolders =
    R"(      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$current")
      return
      ;;
)";

constexpr const char* kBashEnd = R"(}
complete -F _balse balse
)";

std::string words_reply(const std::string& indent, const std::string& words) {
  return indent + "mapfile -t COMPREPLY < <(compgen -W " + shell_quoted(words) +
         " -- \"$current\")\n";
}

/// The branch of options of one command whose values are completed alike.
std::string branch(const std::string& command, const std::vector<std::string>& options,
                   const std::string& body) {
  std::vector<std::string> patterns;
  for (const std::string& option : options) {
    std::string words = command;
    words += ' ';
    patterns.push_back(shell_quoted(words += option));
  }
  return options.empty() ? "" : "    " + joined(patterns, " | ") + ")\n" + body;
}

std::string value_branches(const CommandOutline& command) {
  std::string text;
  std::vector<std::string> files;
  std::vector<std::string> folders;
  std::vector<std::string> free;
  for (const Argument& option : command.options()) {
    if (!option.takes_value()) {
      continue;
    }
    const Completion completion = option.completion();
    if (completion == Completion::words) {
      text += branch(command.name, option.names,
                     words_reply("      ", joined(option.words, " ")) + "      return\n      ;;\n");
      continue;
    }
    std::vector<std::string>& alike = completion == Completion::file     ? files
                                      : completion == Completion::folder ? folders
                                                                         : free;
    alike.insert(alike.end(), option.names.begin(), option.names.end());
  }
  return text + branch(command.name, files, kFiles) + branch(command.name, folders, kFolders) +
         branch(command.name, free, "      return\n      ;;\n");
}

std::string option_names(const CommandOutline& command) {
  std::vector<std::string> names;
  for (const Argument& option : command.options()) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return joined(names, " ");
}

/// What completes a word that is no option's value.
std::string word_branch(const CommandOutline& command) {
  std::string text = "    " + shell_quoted(command.name) + ")\n";
  Completion completion = Completion::none;
  for (const Argument& positional : command.positionals) {
    if (completion == Completion::none) {
      completion = positional.completion();
    }
  }
  if (completion != Completion::file && completion != Completion::folder) {
    return text + words_reply("      ", option_names(command)) + "      ;;\n";
  }
  return text + "      if [[ $current == -* ]]; then\n" +
         words_reply("        ", option_names(command)) + "        return\n      fi\n" +
         (completion == Completion::file ? kFiles : kFolders);
}

}  // namespace

std::string bash_completion(const Outline& outline) {
  std::string text = kBegin;
  std::string names;
  for (const CommandOutline& command : outline.commands) {
    text += value_branches(command);
    names += (names.empty() ? "" : " ") + command.name;
  }
  text += "  esac\n\n  # Any other word.\n  case \"$command\" in\n    '')\n" +
          words_reply("      ", names + ' ' + option_names(outline.program)) + "      ;;\n";
  for (const CommandOutline& command : outline.commands) {
    text += word_branch(command);
  }
  return text + "  esac\n" + kBashEnd;
}

}  // namespace balse::manual
