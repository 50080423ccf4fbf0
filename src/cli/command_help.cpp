#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/support/error.hpp"

#include "command.hpp"
#include "standard_output.hpp"
#include "usage_error.hpp"

namespace balse::cli {
namespace {

class HelpCommand final : public Command {
 public:
  void setup(CLI::App& app) override {
    app_ = &app;
    app.add_option("command", command_, "Of this command; of the program if not given")
        ->type_name("COMMAND");
  }

  std::vector<Example> examples() const override { return {{"", {"balse help fit"}}}; }

  void run(const std::vector<std::string>& command_line) override;

 private:
  CLI::App* app_ = nullptr;
  std::string command_;
};

void HelpCommand::run(const std::vector<std::string>& /*command_line*/) {
  const CLI::App& program = *app_->get_parent();
  if (command_.empty()) {
    // Not program.help(), which would give the help of the command that was chosen: this one.
    write_standard_output(program.get_formatter()->make_help(&program, program.get_name(),
                                                             CLI::AppFormatMode::Normal));
    return;
  }
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) {
    if (command->get_name() == command_) {
      write_standard_output(command->help(program.get_name()));
      return;
    }
    names.push_back(command->get_name());
  }
  throw Error(ErrorKind::usage,
              {.found = "there is no command " + shorten(command_) + did_you_mean(command_, names),
               .hint = "balse help"});
}

}  // namespace

std::unique_ptr<Command> make_help_command() {
  return std::make_unique<HelpCommand>();
}

}  // namespace balse::cli
