#include "print_config.hpp"

#include <algorithm>
#include <vector>

#include "choices.hpp"
#include "config_file.hpp"

namespace balse::cli {
namespace {

std::string type_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

/// Options that take words or names may have them made of digits only.
bool takes_number(const CLI::Option& option) {
  const std::string type = type_of(option);
  return type == "N" || type == "X" || type == "UINT" || type == "FLOAT";
}

std::string option_text(const CLI::Option& option, const std::string& value) {
  return takes_number(option) && is_config_number(value) ? value : config_string(value);
}

/// Whether the option could be given beside those that were.
bool fits(const CLI::Option& option) {
  const auto given = [](const CLI::Option* other) { return other->count() > 0; };
  const auto excludes = option.get_excludes();
  const auto needs = option.get_needs();
  return std::none_of(excludes.begin(), excludes.end(), given) &&
         std::all_of(needs.begin(), needs.end(), given);
}

std::string array_of(const CLI::Option& option, const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    text += (text.empty() ? "[" : ", ") + option_text(option, value);
  }
  return text + "]";
}

std::string line_of(const CLI::Option& option) {
  const std::string name = option.get_lnames().front();
  const bool given = option.count() > 0;
  if (option.get_items_expected_max() == 0) {
    return name + (given ? " = true" : " = false");
  }
  const std::string fallback = option.get_default_str();
  if (!given && fallback.empty()) {
    const std::string type = type_of(option);
    return "# " + name + " = " + (takes_number(option) ? type : config_string(type));
  }
  const bool is_array = option.get_items_expected_max() > 1;
  const std::string hidden = given || fits(option) ? "" : "# ";
  if (is_array) {
    return hidden + name + " = " +
           array_of(option, given ? option.results() : CLI::detail::split(fallback, ' '));
  }
  return hidden + name + " = " + option_text(option, given ? option.results().front() : fallback);
}

}  // namespace

std::string config_text(const CLI::App& command) {
  const std::string name = "balse " + command.get_name();
  std::string text = "# For " + name + " --config FILE, as " + name + " --print-config wrote it.\n";
  for (const CLI::Option* option : command.get_options()) {
    const bool is_setting = !option->get_lnames().empty() && option->get_configurable();
    if (is_setting) {
      text += "\n# " + option->get_description() + "\n" + line_of(*option) + "\n";
    }
  }
  return text;
}

}  // namespace balse::cli
