#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace balse::cli {

/// The number that "20%" or "0.2" means; nothing for what is no such text. A number above 1 without
/// a sign is none: who writes 5 may mean 5%.
std::optional<double> parse_share(std::string_view text);

/// 0.2 as "20%", with a digit after the point where one is needed.
std::string percent(double share);

/// An option whose value is a share.
class ShareOption {
 public:
  explicit ShareOption(const char* fallback) : text_(fallback) {}

  /// `most`: the largest share that makes sense.
  CLI::Option* declare(CLI::App& app, const std::string& name, const std::string& description,
                       double most);

  double value() const { return parse_share(text_).value_or(0.0); }

 private:
  std::string text_;
};

}  // namespace balse::cli
