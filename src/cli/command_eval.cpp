#include <CLI/CLI.hpp>

#include "command.hpp"

namespace balse::cli {
namespace {

class EvalCommand : public Command {
 public:
  void setup(CLI::App& app) override {
    app.footer(help_footer("  balse eval ratings.csv --tags tags.csv"));
  }
  void run() override {}
};

}  // namespace

std::unique_ptr<Command> make_eval_command() {
  return std::make_unique<EvalCommand>();
}

}  // namespace balse::cli
