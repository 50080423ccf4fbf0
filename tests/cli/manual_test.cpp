#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "run_program.hpp"

namespace {

using balse::test::run_balse;

/// A file of the build's manual folder, as roff has it but with plain hyphens.
std::string manual_file(const std::string& name) {
  std::ifstream file(std::string(BALSE_MANUAL_FOLDER) + "/" + name);
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return std::regex_replace(text, std::regex(R"(\\-)"), "-");
}

/// The words that begin a line of --help and begin with hyphens: "-h", "--help", "--gate".
std::set<std::string> options_in_help(const std::string& command) {
  std::set<std::string> options;
  std::istringstream help(run_balse({command, "--help"}).out);
  const std::regex names("^  (--?[a-z][a-z-]*)(,(--[a-z][a-z-]*))?");
  for (std::string line; std::getline(help, line);) {
    std::smatch match;
    if (std::regex_search(line, match, names)) {
      options.insert(match[1]);
      if (match[3].matched) {
        options.insert(match[3]);
      }
    }
  }
  return options;
}

/// Each "  name   summary" of balse --help's list of commands.
std::set<std::string> commands_in_help() {
  std::set<std::string> commands;
  const std::string help = run_balse({"--help"}).out;
  std::istringstream list(help.substr(help.find("Subcommands:")));
  std::string line;
  std::getline(list, line);
  while (std::getline(list, line) && !line.empty()) {
    commands.insert(line.substr(2, line.find(' ', 2) - 2));
  }
  return commands;
}

}  // namespace

TEST_CASE("every option of --help is in the command's man page and in each shell's completion") {
  REQUIRE(commands_in_help().count("eval") == 1);
  REQUIRE(options_in_help("eval").count("--gate") == 1);
  const std::string bash = manual_file("bash/balse");
  const std::string zsh = manual_file("zsh/_balse");
  const std::string fish = manual_file("fish/balse.fish");
  for (const std::string& command : commands_in_help()) {
    const std::string page = manual_file("man1/balse-" + command + ".1");
    for (const std::string& option : options_in_help(command)) {
      INFO(command << ' ' << option);
      CHECK(page.find("\\fB" + option + "\\fR") != std::string::npos);
      CHECK(bash.find(option) != std::string::npos);
      const bool in_zsh = option.size() == 2 ? zsh.find(option + "[") != std::string::npos ||
                                                   zsh.find(option + "+[") != std::string::npos
                                             : zsh.find(option) != std::string::npos;
      CHECK(in_zsh);
      CHECK(fish.find((option.size() == 2 ? " -s " : " -l ") +
                      option.substr(option.find_first_not_of('-'))) != std::string::npos);
    }
  }
}

TEST_CASE("a man page says what --help says of words, defaults, examples and exit codes") {
  const std::string page = manual_file("man1/balse-eval.1");
  CHECK(page.find("is one of \\fBoptimum\\fR, \\fBdescent\\fR, \\fBby-count\\fR. Default: "
                  "\\fBoptimum\\fR.") != std::string::npos);
  CHECK(page.find("Not together with --little-known.") != std::string::npos);
  CHECK(page.find("\nbalse eval data/demo/ratings.csv --tags data/demo/tags.csv\n") !=
        std::string::npos);
  CHECK(page.find("\\fB65\\fR\nbad data\n") != std::string::npos);
  CHECK(page.find("\\fBbalse-synth\\fR(1)") != std::string::npos);
}

TEST_CASE("every command's man page has examples") {
  for (const std::string& command : commands_in_help()) {
    INFO(command);
    const std::string page = manual_file("man1/balse-" + command + ".1");
    CHECK(page.find(".SH EXAMPLES\n.SH") == std::string::npos);
    CHECK(page.find("balse " + command + ' ', page.find(".SH EXAMPLES")) != std::string::npos);
  }
}
