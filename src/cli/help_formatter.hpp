#pragma once

#include <cstddef>
#include <string>

#include <CLI/CLI.hpp>

namespace balse::cli {

/// Lays --help out as CLI11 does, in lines of at most `width` columns with whole words.
class HelpFormatter final : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::size_t width) : width_(width) {}
  std::size_t width() const { return width_; }

  std::string make_description(const CLI::App* app) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_subcommand(const CLI::App* subcommand) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;

 private:
  std::string row(const std::string& name, const std::string& description,
                  std::size_t column) const;

  std::size_t width_;
};

}  // namespace balse::cli
