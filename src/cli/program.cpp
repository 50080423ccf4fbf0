#include "program.hpp"

#include <algorithm>

#include "balse/support/error.hpp"
#include "balse/version.hpp"

#include "choices.hpp"
#include "message_options.hpp"
#include "print_config.hpp"
#include "settings.hpp"
#include "standard_output.hpp"
#include "wrapped_text.hpp"

namespace balse::cli {
namespace {

struct Entry {
  const char* name;
  const char* summary;
  std::unique_ptr<Command> (*make)();
};

void refuse_empty_values(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() > 0) {
      option->check(not_empty());
    }
  }
}

constexpr const char* kConfig = "--config";
constexpr const char* kPrintConfig = "--print-config";

/// Of every command that does something.
void declare_configuration(CLI::App& app) {
  app.add_option(kConfig, CLI::callback_t(),
                 "Options from this file, a line each, as in als-rank = 20; what is on the command "
                 "line goes before them")
      ->check(file_name())
      ->configurable(false)
      ->type_name("FILE");
  const std::string description = "Print all options as such a file, and do nothing else";
  app.add_flag(kPrintConfig, description)->configurable(false);
}

constexpr Entry kCommands[] = {
    {"tag", "Look at posters with a neural network and write their tags", make_tag_command},
    {"describe", "Say what is in files of ratings, tags and titles", make_describe_command},
    {"convert", "Write ratings, tags or titles of any form as plain CSV", make_convert_command},
    {"eval", "Cross-validate the models on ratings and tags: the paper's Table I",
     make_eval_command},
    {"compare", "Compare what evaluations found, and how they were made", make_compare_command},
    {"fit", "Train a model and write it to a file", make_fit_command},
    {"predict", "Predict the ratings of user,item pairs", make_predict_command},
    {"recommend", "Recommend the best items that users have not rated", make_recommend_command},
    {"explain", "Say what a user likes, and why an item is for them or not", make_explain_command},
    {"info", "Describe a model file and check it", make_info_command},
    {"synth", "Write a synthetic data set in the shape of Mangaki's", make_synth_command},
    {"help", "Say what the program or a command does, as --help does", make_help_command},
};

}  // namespace

Program::Program(std::string_view only)
    : formatter_(std::make_shared<HelpFormatter>(help_width())),
      app_("balse recommends anime and manga nobody has rated yet, from their posters.", "balse") {
  app_.formatter(formatter_);
  app_.set_version_flag("-V,--version", std::string("balse ") + kVersion);
  app_.require_subcommand(1);
  app_.footer(help_footer(examples(), formatter_->width()));
  for (const Entry& entry : kCommands) {
    subcommands_.push_back({app_.add_subcommand(entry.name, entry.summary), entry.make()});
    if (!only.empty() && only != entry.name) {
      continue;
    }
    const Subcommand& added = subcommands_.back();
    const bool works = entry.make != make_help_command;
    if (works) {
      declare_configuration(*added.app);
    }
    added.command->setup(*added.app);
    if (works) {
      declare_messages(*added.app);
    }
    refuse_empty_values(*added.app);
    added.app->footer(help_footer(added.command->examples(), formatter_->width()));
    added.app->callback([this, works, &app = *added.app, &command = *added.command] {
      if (works) {
        start_messages(app);
      }
      command.run(command_line_);
    });
  }
}

std::string_view Program::name_in(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  for (int k = 2; k < argc; ++k) {
    if (std::string_view(argv[k]).starts_with(kConfig)) {
      return {};  // which has keys of other commands, or is told whose they are
    }
  }
  for (const Entry& entry : kCommands) {
    if (first == entry.name && entry.make != make_help_command) {
      return first;
    }
  }
  return {};
}

std::vector<Example> Program::examples() const {
  return {{"",
           {"balse tag posters --weights illust2vec.safetensors --update tags.csv",
            "balse eval ratings.csv --tags tags.csv",
            "balse fit ratings.csv --tags tags.csv --model site.balse.safetensors",
            "balse predict --model site.balse.safetensors pairs.csv > predictions.csv",
            "balse predict --help"}}};
}

std::string Program::command_list() const {
  return formatter_->make_usage(&app_, app_.get_name()) +
         formatter_->make_subcommands(&app_, CLI::AppFormatMode::Normal);
}

Command& Program::command_of(const CLI::App& app) {
  return *std::find_if(subcommands_.begin(), subcommands_.end(), [&](const Subcommand& subcommand) {
            return subcommand.app == &app;
          })->command;
}

const CLI::App* Program::parse_alone(int argc, char** argv) {
  for (const Subcommand& subcommand : subcommands_) {
    subcommand.app->callback({});
  }
  try {
    app_.parse(argc, argv);
  } catch (const CLI::RequiredError&) {  // a config file may have it
  } catch (const CLI::RequiresError&) {
  } catch (const CLI::ParseError&) {
    return nullptr;
  } catch (const Error&) {
    return nullptr;
  }
  const std::vector<CLI::App*> chosen = app_.get_subcommands();
  return chosen.empty() ? nullptr : chosen.front();
}

void Program::run(int argc, char** argv) {
  command_line_.assign(argv, argv + argc);
  Program alone(name_in(argc, argv));
  const CLI::App* given = alone.parse_alone(argc, argv);
  if (given == nullptr) {
    app_.parse(argc, argv);  // and says what is wrong with it, or helps
    return;
  }
  CLI::App& app = *app_.get_subcommand(given->get_name());
  const CLI::Option* print = given->get_option_no_throw(kPrintConfig);
  if (print != nullptr && print->count() > 0) {
    for (CLI::Option* option : app.get_options()) {
      option->required(false);
    }
    app.callback([&app] { write_standard_output(config_text(app)); });
  }
  if (const CLI::Option* config = given->get_option_no_throw(kConfig);
      config != nullptr && config->count() > 0) {
    command_of(app).set_config(config->results().front());
  }
  Settings settings(app, *given);
  settings.apply();
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    settings.rethrow(error);
  } catch (const Error& error) {
    settings.rethrow(error);
  }
}

}  // namespace balse::cli
