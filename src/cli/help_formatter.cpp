#include "help_formatter.hpp"

#include <utility>

#include "wrapped_text.hpp"

namespace balse::cli {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kHanging = 6;  // of an option's type, limits and so on, on further lines
constexpr std::size_t kOptionColumn = 30;
constexpr std::size_t kCommandColumn = 13;

}  // namespace

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return wrapped(app->get_description(), 0, width_) + "\n";
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = Formatter::make_usage(app, std::move(name));
  usage.pop_back();  // the line end
  return wrapped(usage, kIndent, width_) + "\n";
}

std::string HelpFormatter::make_subcommand(const CLI::App* subcommand) const {
  return row(subcommand->get_display_name(true), subcommand->get_description(), kCommandColumn);
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  return row(make_option_name(option, is_positional) + make_option_opts(option),
             make_option_desc(option), kOptionColumn);
}

std::string HelpFormatter::row(const std::string& name, const std::string& description,
                               std::size_t column) const {
  std::string text = std::string(kIndent, ' ') + wrapped(name, kHanging, width_);
  if (description.empty()) {
    return text + "\n";
  }
  const bool one_line = text.size() + 2 <= column;
  text += one_line ? std::string(column - text.size(), ' ') : "\n" + std::string(column, ' ');
  return text + wrapped(description, column, width_) + "\n";
}

}  // namespace balse::cli
