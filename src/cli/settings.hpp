#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/support/error.hpp"

#include "config_file.hpp"

namespace balse::cli {

/// What a command is told beside its command line: by --config, and by the presets that its options
/// imply. The command line goes before the config file, which goes before presets, which go before
/// defaults; what excludes an option that goes before is left out.
class Settings {
 public:
  /// `app` is a command that was not parsed yet, and `given` the same one as the command line alone
  /// makes it. Throws Error: usage for a key that is no option, and see read_config().
  Settings(CLI::App& app, const CLI::App& given);

  /// Gives the options of the app their values, which parsing will check.
  void apply();

  /// Throws `error` with the place in the config file, where the sentence speaks of an option that
  /// has its value from there.
  [[noreturn]] void rethrow(const CLI::ParseError& error) const;
  [[noreturn]] void rethrow(const Error& error) const;

 private:
  struct Origin {
    std::string file;
    std::uint64_t line = 0;
  };

  void add(const std::vector<ConfigItem>& items, const std::string& file);
  CLI::Option* option_of(const ConfigItem& item, const std::string& file) const;
  void check_section(const ConfigItem& item, const std::string& file) const;
  void set(CLI::Option& option, const ConfigItem& item, const std::string& file);
  std::string value_of(const std::string& option) const;
  const Origin* origin(const std::string& sentence) const;

  CLI::App& app_;
  const CLI::App& given_;
  std::set<const CLI::Option*> taken_;     ///< options of app_ that have a value already
  std::map<std::string, Origin> origins_;  ///< by all names of an option
};

}  // namespace balse::cli
