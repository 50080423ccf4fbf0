#include "run_command_line.hpp"

#include <cstdio>
#include <exception>
#include <new>
#include <sstream>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/support/error.hpp"

#include "exit_codes.hpp"
#include "logger.hpp"
#include "process.hpp"
#include "program.hpp"
#include "standard_output.hpp"
#include "usage_error.hpp"

namespace balse::cli {
namespace {

int parse_and_run(int argc, char** argv) {
  Program program(Program::name_in(argc, argv));
  CLI::App& app = program.app();
  try {
    program.run(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      std::ostringstream text;
      app.exit(error, text, text);
      write_standard_output(text.str());
      return EX_OK;
    }
    if (argc == 1) {  // somebody looks what there is
      std::fputs((program.command_list() + "\n").c_str(), stderr);
    }
    spdlog::error("{}", usage_sentence(app, error));
    return EX_USAGE;
  }
  return done_exit_code();
}

}  // namespace

int run_command_line(int argc, char** argv) {
  prepare_process();
  // Words go to stderr, results to stdout.
  prepare_logger();
  try {
    return parse_and_run(argc, argv);
  } catch (const Error& error) {
    spdlog::error("{}", error.what());
    return exit_code_of(error.kind());
  } catch (const std::bad_alloc&) {
    end_out_of_memory();
  } catch (const std::exception& error) {
    spdlog::error("internal error: {}; please report it with the command line", error.what());
    return EX_SOFTWARE;
  }
}

}  // namespace balse::cli
