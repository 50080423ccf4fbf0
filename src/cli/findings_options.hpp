#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <CLI/CLI.hpp>

#include "choices.hpp"
#include "eval_listeners.hpp"

namespace balse::cli {

/// What `balse eval` is to find out beyond its table.
class FindingsOptions {
 public:
  void declare(CLI::App& app);

  /// `all` has everything found out, whatever was asked for.
  WantedFindings wanted(bool all, std::uint64_t seed, int threads) const;
  ShownFindings shown() const {
    return {.intervals = bootstrap_.given(), .slices = slices_, .ranking = ranking_};
  }

 private:
  Choice<Resampled> bootstrap_{{"users", Resampled::users}, {"items", Resampled::items}};
  std::size_t replicates_ = AnalysisOptions{}.replicates;
  bool slices_ = false;
  bool ranking_ = false;
  std::size_t places_ = RankingAnalysisOptions{}.k;
  std::optional<double> relevant_;
  std::size_t ranking_users_ = RankingAnalysisOptions{}.catalogue_users;
};

}  // namespace balse::cli
