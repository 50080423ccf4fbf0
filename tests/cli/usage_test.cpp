// What a mistyped command line is answered, and what --help looks like.

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/run_on_terminal.hpp"
#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace usage_test {
namespace {

const std::vector<std::string> kCommands = {"tag",     "eval", "fit",   "predict", "recommend",
                                            "explain", "info", "synth", "help"};

std::string error_of(const std::vector<std::string>& arguments) {
  const Outcome outcome = run_balse(arguments);
  CHECK(outcome.exit_code == EX_USAGE);
  CHECK(outcome.out.empty());
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  return outcome.err;
}

/// Lines longer than `width` that could have been broken: those of more than one word that are no
/// line of a crontab.
std::string too_long(const std::string& help, std::size_t width) {
  std::istringstream lines(help);
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    if (line.size() > width && line.find(' ', begin) != std::string::npos &&
        line.find(" * * * ") == std::string::npos) {
      found += line + "\n";
    }
  }
  return found;
}

/// All words, with the backslashes at line ends left out.
std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    if (word != "\\") {
      words.push_back(word);
    }
  }
  return words;
}

}  // namespace

TEST_CASE("a mistyped option or command is named, with the one that was meant", "[cli][usage]") {
  CHECK(error_of({"recommend", "--cuont", "5"}) ==
        "balse: error: there is no option --cuont of balse recommend; did you mean --count?\n");
  CHECK(error_of({"fit", "r.csv", "--modle=x"}) ==
        "balse: error: there is no option --modle of balse fit; did you mean --model?\n");
  CHECK(error_of({"eval", "r.csv", "--zzzzzz", "a", "b"}) ==
        "balse: error: there is no option --zzzzzz of balse eval; try balse eval --help\n");
  CHECK(error_of({"recomend"}) ==
        "balse: error: there is no command \"recomend\"; did you mean recommend?\n");
  CHECK_THAT(error_of({"xyzzyx"}), Contains("expected one of tag, describe,") &&
                                       Contains(" eval, compare, fit, predict, "));
  CHECK_THAT(error_of({"--versoin"}), Contains("of balse; did you mean --version?"));
  CHECK_THAT(error_of({"info", "a", "b", "c"}), Contains("does not know what to do with \"b\""));
  CHECK_THAT(error_of({"help", "fti"}), Contains("did you mean fit?"));
  CHECK_THAT(error_of({"info", "--\x1b[31m\xc2\x9b"}),
             !Contains("\x1b") && !Contains("\xc2\x9b") && Contains("\\x1b[31m\\u009b"));
}

TEST_CASE("balse alone lists its commands and ends with 64", "[cli][usage]") {
  const Outcome alone = run_balse({});
  CHECK(alone.exit_code == EX_USAGE);
  CHECK(alone.out.empty());
  for (const std::string& command : kCommands) {
    CHECK_THAT(alone.err, Contains("\n  " + command + " "));
  }
  CHECK_THAT(alone.err, Contains("balse: error: no command"));
}

TEST_CASE("balse help, balse help fit and -V are what they look like", "[cli][usage]") {
  CHECK(run_balse({"help"}).out == run_balse({"--help"}).out);
  CHECK(run_balse({"help", "fit"}).out == run_balse({"fit", "--help"}).out);
  CHECK(run_balse({"help", "fit"}).exit_code == EX_OK);
  CHECK(run_balse({"-V"}).out == run_balse({"--version"}).out);
  CHECK_THAT(run_balse({"-V"}).out, StartsWith("balse "));
}

TEST_CASE("--help keeps to the terminal's width, words whole", "[cli][usage]") {
  std::vector<std::vector<std::string>> helps = {{"--help"}};
  for (const std::string& command : kCommands) {
    helps.push_back({command, "--help"});
  }
  for (const std::vector<std::string>& arguments : helps) {
    CAPTURE(arguments.front());
    const std::string help = run_balse(arguments).out;
    CHECK(too_long(help, 80).empty());
    for (const unsigned short width : {60, 80, 120}) {
      const auto shown = run_on_terminal(arguments, width);
      if (!shown) {
        std::puts("SKIPPED: no pseudo-terminals here");
        break;
      }
      CHECK(too_long(*shown, width).empty());
      CHECK(words_of(*shown) == words_of(help));
      CHECK((width != 80 || *shown == help));
    }
  }
}

}  // namespace usage_test
