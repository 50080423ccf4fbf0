#include "settings.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "balse/support/error.hpp"

#include "choices.hpp"
#include "presets.hpp"
#include "usage_error.hpp"

namespace balse::cli {
namespace {

bool is_flag(const CLI::Option& option) {
  return option.get_items_expected_max() == 0;
}

bool is_yes_or_no(const CLI::Option& option) {
  return words_of(option) == std::vector<std::string>{"no", "yes"};
}

/// Whether the sentence has the option as a word of its own.
bool speaks_of(const std::string& sentence, const std::string& option) {
  const auto in_word = [&](std::size_t at) {
    return at < sentence.size() &&
           (std::isalnum(static_cast<unsigned char>(sentence[at])) != 0 || sentence[at] == '-');
  };
  for (std::size_t at = sentence.find(option); at != std::string::npos;
       at = sentence.find(option, at + 1)) {
    if (!in_word(at + option.size()) && (at == 0 || !in_word(at - 1))) {
      return true;
    }
  }
  return false;
}

}  // namespace

Settings::Settings(CLI::App& app, const CLI::App& given) : app_(app), given_(given) {
  const std::vector<CLI::Option*> options = app.get_options();
  const std::vector<const CLI::Option*> typed = given.get_options();
  for (std::size_t k = 0; k < options.size(); ++k) {
    if (typed[k]->count() > 0) {
      taken_.insert(options[k]);
    }
  }
}

void Settings::apply() {
  if (const std::string path = value_of("--config"); !path.empty()) {
    add(read_config(path), path);
  }
  for (const Preset& preset : presets()) {
    const std::string word = value_of(preset.option);
    if (!word.empty() && (preset.word.empty() || preset.word == word)) {
      add(parse_config(preset.text, preset.option), "");
    }
  }
}

/// What the command line or a config file says; empty if nothing.
std::string Settings::value_of(const std::string& option) const {
  for (const CLI::App* app : {&given_, static_cast<const CLI::App*>(&app_)}) {
    const CLI::Option* found = app->get_option_no_throw(option);
    if (found != nullptr && found->count() > 0) {
      return found->results().front();
    }
  }
  return "";
}

void Settings::check_section(const ConfigItem& item, const std::string& file) const {
  std::vector<std::string> names;
  for (const CLI::App* command : app_.get_parent()->get_subcommands({})) {
    names.push_back(command->get_name());
  }
  if (std::find(names.begin(), names.end(), item.section) == names.end()) {
    throw Error(ErrorKind::usage,
                {.file = file,
                 .line = item.line,
                 .found = "the section " + shorten(item.section) + " is no command of balse" +
                          did_you_mean(item.section, names)});
  }
}

CLI::Option* Settings::option_of(const ConfigItem& item, const std::string& file) const {
  const std::string command = "balse " + app_.get_name();
  std::vector<std::string> names;
  for (CLI::Option* option : app_.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      if (name == item.key && !option->get_configurable()) {
        throw Error(ErrorKind::usage, {.file = file,
                                       .line = item.line,
                                       .found = name + " has no place in a config file",
                                       .hint = "--" + name + " on the command line"});
      }
      if (name == item.key) {
        return option;
      }
      names.push_back(name);
    }
  }
  std::string elsewhere;
  for (const CLI::App* other : app_.get_parent()->get_subcommands({})) {
    if (elsewhere.empty() && other->get_option_no_throw("--" + item.key) != nullptr) {
      elsewhere = "putting it below [" + other->get_name() + "], which has it";
    }
  }
  throw Error(ErrorKind::usage,
              {.file = file,
               .line = item.line,
               .found = "there is no option " + printable(item.key) + " of " + command +
                        (elsewhere.empty() ? did_you_mean(item.key, names) : ""),
               .hint = elsewhere});
}

void Settings::add(const std::vector<ConfigItem>& items, const std::string& file) {
  // What the command's own section says goes before what is said to all commands.
  std::map<CLI::Option*, const ConfigItem*> chosen;
  for (const ConfigItem& item : items) {
    if (item.key.empty()) {
      check_section(item, file);
    }
    if (item.key.empty() || (!item.section.empty() && item.section != app_.get_name())) {
      continue;
    }
    CLI::Option* const option = option_of(item, file);
    const ConfigItem*& place = chosen[option];
    if (place != nullptr && place->section == item.section) {
      throw Error(ErrorKind::usage, {.file = file,
                                     .line = item.line,
                                     .found = item.key + " and " + place->key + " in line " +
                                              std::to_string(place->line) + " are one option",
                                     .expected = "one of them"});
    }
    if (place == nullptr || place->section.empty()) {
      place = &item;
    }
  }
  const std::set<const CLI::Option*> before = taken_;
  for (CLI::Option* option : app_.get_options()) {
    const std::set<CLI::Option*> excluded = option->get_excludes();
    const bool is_excluded = std::any_of(excluded.begin(), excluded.end(),
                                         [&](CLI::Option* o) { return before.contains(o); });
    const auto found = chosen.find(option);
    if (found != chosen.end() && !before.contains(option) && !is_excluded) {
      set(*option, *found->second, file);
    }
  }
}

void Settings::set(CLI::Option& option, const ConfigItem& item, const std::string& file) {
  const auto refuse = [&](const std::string& expected) {
    throw Error(ErrorKind::usage, {.file = file,
                                   .line = item.line,
                                   .found = option.get_name() + " is " +
                                            (item.values.size() == 1 ? shorten(item.values[0])
                                             : item.values.empty()   ? "an empty array"
                                                                     : "an array"),
                                   .expected = expected});
  };
  std::vector<std::string> values = item.values;
  if (is_flag(option)) {
    if (!item.is_boolean) {
      refuse("true or false");
    }
    if (values[0] == "false") {
      return;
    }
  } else if (item.is_boolean && is_yes_or_no(option)) {
    values[0] = values[0] == "true" ? "yes" : "no";
  }
  if (option.get_items_expected_max() <= 1 && values.size() != 1) {
    refuse("one value");
  }
  for (const std::string& value : values) {
    option.add_result(value);
    taken_.insert(&option);
  }
  if (!file.empty()) {
    for (const std::string& name : option.get_lnames()) {
      origins_[name] = {file, item.line};
    }
  }
}

const Settings::Origin* Settings::origin(const std::string& sentence) const {
  for (const auto& [name, place] : origins_) {
    if (speaks_of(sentence, "--" + name)) {
      return &place;
    }
  }
  return nullptr;
}

void Settings::rethrow(const CLI::ParseError& error) const {
  if (const Origin* place = origin(error.what())) {
    throw Error(ErrorKind::usage,
                {.file = place->file, .line = place->line, .found = error.what()});
  }
  throw;
}

void Settings::rethrow(const Error& error) const {
  const Origin* place = error.kind() == ErrorKind::usage ? origin(error.what()) : nullptr;
  if (place != nullptr && error.parts().file.empty()) {
    ErrorParts parts = error.parts();
    parts.file = place->file;
    parts.line = place->line;
    throw Error(error.kind(), parts);
  }
  throw;
}

}  // namespace balse::cli
