#include "man_page.hpp"

#include <cstdint>
#include <cstdio>

#include "balse/version.hpp"

namespace balse::manual {
namespace {

/// One character of UTF-8 at `at`, as roff's \[uXXXX]; moves `at` behind it. The text is a string
/// of this program, so it is taken for valid.
std::string unicode_escape(const std::string& text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  std::uint32_t code = lead >= 0xF0 ? lead & 0x07U : lead >= 0xE0 ? lead & 0x0FU : lead & 0x1FU;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
    code = code << 6U | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  char escape[16];
  std::snprintf(escape, sizeof escape, "\\[u%04X]", static_cast<unsigned>(code));
  return escape;
}

/// Text that roff prints as it is, on a line or inside one. Hyphens become \-: they are parts of
/// options, and a plain one is typeset as a dash that cannot be pasted into a shell.
std::string escaped(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) >= 0x80) {
      out += unicode_escape(text, at);
      continue;
    }
    ++at;
    switch (c) {
      case '\\':
        out += "\\(rs";
        break;
      case '-':
        out += "\\-";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '"':
        out += "\\(dq";
        break;
      case '`':
        out += "\\(ga";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '~':
        out += "\\(ti";
        break;
      case '.':
        // At the begin of a line it would be a request.
        out += out.empty() || out.back() == '\n' ? "\\&." : ".";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string bold(const std::string& text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(const std::string& text) {
  return "\\fI" + escaped(text) + "\\fR";
}

/// A reference to another page of ours.
std::string page_link(const std::string& page) {
  return bold(page) + "(1)";
}

std::string sentence(const std::string& text) {
  return text.empty() || text.back() == '.' ? text : text + '.';
}

std::string heading(const std::string& page, const std::string& summary) {
  std::string text = ".\\\" Written by the build from the declarations of the command line.\n";
  text +=
      ".TH " + escaped(page) + R"( 1 "" "balse )" + escaped(kVersion) + "\" \"User Commands\"\n";
  // Filled lines, but no hyphenation and no stretching: words here are often names.
  text += ".nh\n.ad l\n";
  return text + ".SH NAME\n" + escaped(page) + " \\- " + escaped(summary) + '\n';
}

std::string value_text(const Argument& argument) {
  return argument.takes_value() ? " " + italic(argument.type) : "";
}

/// What the page says after an argument's description: all that --help shows beside its name.
std::string limits(const Argument& argument) {
  std::string text;
  const auto add = [&text](const std::string& words) {
    text += (text.empty() ? "" : " ") + words + ".";
  };
  if (argument.required) {
    add("Required");
  }
  if (argument.repeated) {
    add("May be given more than once");
  }
  if (!argument.words.empty()) {
    std::string words;
    for (const std::string& word : argument.words) {
      words += (words.empty() ? "" : ", ") + bold(word);
    }
    add(italic(argument.type) + " is one of " + words);
  }
  if (!argument.range.empty()) {
    add("Must be " + escaped(argument.range));
  }
  if (!argument.default_value.empty()) {
    add("Default: " + bold(argument.default_value));
  }
  if (!argument.excludes.empty()) {
    add("Not together with " + escaped(joined(argument.excludes, ", ")));
  }
  if (!argument.needs.empty()) {
    add("Only together with " + escaped(joined(argument.needs, ", ")));
  }
  return text;
}

std::string paragraph(const Argument& argument, bool positional) {
  std::string names;
  for (const std::string& name : argument.names) {
    names += (names.empty() ? "" : ", ") + (positional ? italic(name) : bold(name));
  }
  std::string text = ".TP\n" + names + (positional ? "" : value_text(argument)) + '\n' +
                     escaped(sentence(argument.description)) + '\n';
  if (const std::string more = limits(argument); !more.empty()) {
    text += ".br\n" + more + '\n';
  }
  return text;
}

std::string arguments_sections(const CommandOutline& command) {
  std::string text;
  if (!command.positionals.empty()) {
    text += ".SH ARGUMENTS\n";
    for (const Argument& argument : command.positionals) {
      text += paragraph(argument, true);
    }
  }
  text += ".SH OPTIONS\n";
  for (const Group& group : command.groups) {
    if (group.title != "Options") {  // CLI11's name for those that were given no group
      text += ".SS \"" + escaped(group.title) + "\"\n";
    }
    for (const Argument& option : group.options) {
      text += paragraph(option, false);
    }
  }
  return text;
}

std::string synopsis(const CommandOutline& command) {
  std::string text =
      ".SH SYNOPSIS\n" + bold("balse " + command.name) + " [" + italic("OPTION") + "]...";
  for (const Argument& option : command.options()) {
    if (option.required) {
      text += ' ' + bold(option.names.back()) + value_text(option);
    }
  }
  for (const Argument& positional : command.positionals) {
    const std::string name = italic(positional.names.front()) + (positional.repeated ? "..." : "");
    text += positional.required ? ' ' + name : " [" + name + ']';
  }
  return text + '\n';
}

std::string examples_section(const std::vector<cli::Example>& examples) {
  std::string text = ".SH EXAMPLES\n";
  bool first = true;
  for (const cli::Example& example : examples) {
    text += first ? "" : ".PP\n";
    first = false;
    if (!example.caption.empty()) {
      text += escaped(example.caption) + ":\n";
    }
    text += ".RS 4\n.nf\n";
    for (const std::string& command : example.commands) {
      text += escaped(command) + '\n';
    }
    text += ".fi\n.RE\n";
  }
  return text;
}

std::string exit_status_section() {
  std::string text = ".SH \"EXIT STATUS\"\n";
  for (const cli::ExitCode& exit : cli::exit_codes()) {
    text += ".TP\n" + bold(std::to_string(exit.code)) + '\n' + escaped(exit.meaning) + '\n';
  }
  return text;
}

std::string see_also_section(const Outline& outline, const std::string& self) {
  std::vector<std::string> links;
  if (self != outline.program.name) {
    links.push_back(page_link(outline.program.name));
  }
  for (const CommandOutline& other : outline.commands) {
    if (self != other.name) {
      links.push_back(page_link("balse-" + other.name));
    }
  }
  return ".SH \"SEE ALSO\"\n" + joined(links, ",\n") + '\n';
}

}  // namespace

std::string program_page(const Outline& outline) {
  const CommandOutline& program = outline.program;
  const std::string prefix = program.name + ' ';
  const bool named = program.summary.compare(0, prefix.size(), prefix) == 0;
  std::string summary = named ? program.summary.substr(prefix.size()) : program.summary;
  if (!summary.empty() && summary.back() == '.') {
    summary.pop_back();
  }
  std::string text = heading(program.name, summary);
  text += ".SH SYNOPSIS\n" + bold(program.name) + ' ' + italic("COMMAND") + " [" +
          italic("ARGUMENT") + "]...\n.br\n" + bold(program.name) + " [" + bold("--help") + "] [" +
          bold("--version") + "]\n";
  text += ".SH DESCRIPTION\n" + escaped(sentence(program.summary)) + '\n';
  text += ".SH COMMANDS\n";
  for (const CommandOutline& command : outline.commands) {
    text += ".TP\n" + page_link("balse-" + command.name) + '\n' +
            escaped(sentence(command.summary)) + '\n';
  }
  return text + arguments_sections(program) + examples_section(program.examples) +
         exit_status_section() + see_also_section(outline, program.name);
}

std::string command_page(const Outline& outline, const CommandOutline& command) {
  return heading("balse-" + command.name, command.summary) + synopsis(command) +
         ".SH DESCRIPTION\n" + escaped(sentence(command.summary)) + '\n' +
         arguments_sections(command) + examples_section(command.examples) + exit_status_section() +
         see_also_section(outline, command.name);
}

}  // namespace balse::manual
