#include "share.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

#include <CLI/CLI.hpp>

namespace balse::cli {

std::optional<double> parse_share(std::string_view text) {
  const bool is_percent = text.ends_with('%');
  if (is_percent) {
    text.remove_suffix(1);
  }
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value) || value < 0.0 ||
      (!is_percent && value > 1.0)) {
    return std::nullopt;
  }
  constexpr double kHundred = 100.0;
  return is_percent ? value / kHundred : value;
}

std::string percent(double share) {
  constexpr double kHundred = 100.0;
  char text[32];
  // 5 instead of 5.0, but 0.04 instead of 0.0.
  std::snprintf(text, sizeof text, "%.*g%%", share >= 1.0 ? 4 : 3, kHundred * share);
  return text;
}

CLI::Option* ShareOption::declare(CLI::App& app, const std::string& name,
                                  const std::string& description, double most) {
  return app.add_option(name, text_, description)
      ->capture_default_str()
      ->check([most](const std::string& text) -> std::string {
        const std::optional<double> share = parse_share(text);
        return share && *share <= most
                   ? ""
                   : "\"" + text + "\"; expected a share, as 20% or 0.2, of at most " +
                         percent(most);
      })
      ->type_name("X");
}

}  // namespace balse::cli
