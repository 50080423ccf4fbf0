#pragma once

#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace balse::cli {

/// The name of a file to write, which an unset variable of a script does not give; `or_standard`:
/// or "-".
inline CLI::Validator file_name(bool or_standard = false) {
  return {[or_standard](const std::string& text) -> std::string {
            const bool is_file = !text.empty() && (text != "-" || or_standard);
            return is_file ? "" : "\"" + text + "\"; expected the name of a file";
          },
          ""};
}

/// What stands between columns; a tab, which is hard to write in a shell, also as \t or its name.
inline CLI::Option* add_delimiter(CLI::App& app, std::string& delimiter) {
  return app
      .add_option("--delimiter", delimiter,
                  "Between columns, a tab also as \\t or tab; detected if not given")
      ->transform([](const std::string& text) -> std::string {
        return text == "\\t" || text == "tab" ? "\t" : text;
      })
      ->type_name("TEXT");
}

/// Any text but none: what an unset variable of a script leaves must not silently mean the default.
inline CLI::Validator not_empty() {
  return {[](const std::string& text) -> std::string {
            return text.empty() ? "is empty; expected a value" : "";
          },
          ""};
}

/// Accepts whole numbers from 0 to 2^64 - 1 and nothing that CLI11 would wrap or saturate.
inline CLI::Validator whole_number() {
  return {[](const std::string& text) -> std::string {
            std::uint64_t value = 0;
            const char* const end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data(), end, value);
            return error == std::errc() && stop == end ? "" : text + " is not a whole number";
          },
          ""};
}

/// How long to wait for a lock; a week is as good as for ever.
inline CLI::Option* add_lock_wait(CLI::App& app, std::uint64_t& seconds) {
  return app
      .add_option("--lock-wait", seconds,
                  "Wait as many seconds for another run to give back the lock, before ending with "
                  "75")
      ->capture_default_str()
      ->check(CLI::Range(0, 7 * 24 * 3600))
      ->type_name("N");
}

/// The words that CLI::IsMember allows an option, in their order; none if any text will do. CLI11
/// hands them out only as the "{last,first}" that --help shows after the type.
inline std::vector<std::string> words_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find(":{");
  const std::size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) {
    return {};
  }
  return CLI::detail::split(type.substr(open + 2, close - open - 2), ',');
}

/// An option whose value is one of a few words, each standing for a value of an enum. The words are
/// in --help and in the error message of a wrong one.
template <typename Enum>
class Choice {
 public:
  Choice(std::initializer_list<std::pair<const char*, Enum>> choices)
      : choices_(choices.begin(), choices.end()) {}

  CLI::Option* declare(CLI::App& app, const std::string& name, const std::string& description) {
    std::vector<std::string> words;
    for (const auto& [word, value] : choices_) {
      words.emplace_back(word);
    }
    return app.add_option(name, word_, description)->check(CLI::IsMember(words))->type_name("WORD");
  }

  Enum value() const {
    for (const auto& [word, value] : choices_) {
      if (word_ == word) {
        return value;
      }
    }
    return choices_.front().second;  // not given: the first is the default
  }
  bool given() const { return !word_.empty(); }

 private:
  std::vector<std::pair<const char*, Enum>> choices_;
  std::string word_;
};

}  // namespace balse::cli
