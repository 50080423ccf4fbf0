#include <CLI/CLI.hpp>

#include "command.hpp"

namespace balse::cli {
namespace {

class SynthCommand : public Command {
 public:
  void setup(CLI::App& app) override { app.footer(help_footer("  balse synth --output demo")); }
  void run(const std::vector<std::string>&) override {}
};

}  // namespace

std::unique_ptr<Command> make_synth_command() {
  return std::make_unique<SynthCommand>();
}

}  // namespace balse::cli
