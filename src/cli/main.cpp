#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "balse/support/error.hpp"
#include "balse/version.hpp"

#include "command.hpp"
#include "process.hpp"
#include "standard_output.hpp"

namespace balse::cli {
namespace {

struct Entry {
  const char* name;
  const char* summary;
  std::unique_ptr<Command> (*make)();
};

constexpr Entry kCommands[] = {
    {"eval", "Cross-validate the models on ratings and tags: the paper's Table I",
     make_eval_command},
    {"synth", "Write a synthetic data set in the shape of Mangaki's", make_synth_command},
};

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return EX_USAGE;
    case ErrorKind::bad_data:
      return EX_DATAERR;
    case ErrorKind::no_input:
      return EX_NOINPUT;
    case ErrorKind::cannot_create:
      return EX_CANTCREAT;
    case ErrorKind::io:
      return EX_IOERR;
    case ErrorKind::try_later:
      return EX_TEMPFAIL;
  }
  return EX_SOFTWARE;
}

int run(int argc, char** argv) {
  CLI::App app("balse recommends anime and manga nobody has rated yet, from their posters.",
               "balse");
  app.set_version_flag("--version", std::string("balse ") + kVersion);
  app.require_subcommand(1);
  app.footer(help_footer("  balse eval ratings.csv --tags tags.csv\n  balse eval --help"));

  const std::vector<std::string> command_line(argv, argv + argc);
  std::vector<std::unique_ptr<Command>> commands;
  for (const Entry& entry : kCommands) {
    commands.push_back(entry.make());
    Command& command = *commands.back();
    CLI::App* sub = app.add_subcommand(entry.name, entry.summary);
    command.setup(*sub);
    sub->callback([&command, &command_line] { command.run(command_line); });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      std::ostringstream text;
      app.exit(error, text, text);
      write_standard_output(text.str());
      return EX_OK;
    }
    if (app.get_subcommands().empty() && argc > 1 && argv[1][0] != '-') {
      std::string known;
      for (const Entry& entry : kCommands) {
        known += (known.empty() ? "" : ", ") + std::string(entry.name);
      }
      spdlog::error("there is no command {}; expected one of {}; try --help", shorten(argv[1]),
                    known);
      return EX_USAGE;
    }
    spdlog::error("{}; try --help", error.what());
    return EX_USAGE;
  }
  return EX_OK;
}

}  // namespace
}  // namespace balse::cli

int main(int argc, char** argv) {
  balse::cli::prepare_process();
  // Words go to stderr, results to stdout.
  spdlog::set_default_logger(spdlog::stderr_color_st("balse"));
  spdlog::set_pattern("balse: %^%l%$: %v");
  try {
    return balse::cli::run(argc, argv);
  } catch (const balse::Error& error) {
    spdlog::error("{}", error.what());
    return balse::cli::exit_code(error.kind());
  } catch (const std::bad_alloc&) {
    spdlog::error("out of memory");
    return EX_OSERR;
  } catch (const std::exception& error) {
    spdlog::error("internal error: {}; please report it with the command line", error.what());
    return EX_SOFTWARE;
  }
}
