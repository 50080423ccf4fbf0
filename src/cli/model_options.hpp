#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "balse/data/rating_scale.hpp"
#include "balse/model/neighbours.hpp"
#include "balse/model/training.hpp"

namespace balse::cli {

/// The options of every command that fits models: all that TrainingOptions shows.
class ModelOptions {
 public:
  void declare(CLI::App& app);
  /// Those of NeighbourOptions as well, of a command that learns them.
  void declare_neighbours(CLI::App& app);

  /// The defaults, but for what was given, and what depends on the data and on other options.
  TrainingOptions resolve(const RatingScale& scale, std::uint64_t seed, int threads) const;
  NeighbourOptions neighbours() const;

 private:
  std::optional<std::string> text_of(const std::string& name) const;

  std::map<std::string, const CLI::Option*> options_;  ///< by full name
};

}  // namespace balse::cli
