#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/evaluation/tuning.hpp"

#include "choices.hpp"

namespace balse::cli {

/// What `balse eval` is to choose by validation, or to vary.
class StudyOptions {
 public:
  void declare(CLI::App& app);
  /// The other ones, that make a series as `train_size` does.
  void declare_series(CLI::App& app, CLI::Option* train_size);

  /// Throws Error(usage) for what cannot be tuned.
  TuningOptions tuning() const;
  /// The option that --sweep varies; throws Error(usage).
  std::optional<TunedOption> sweep() const;
  /// As --ablate tags=N,N,... has them; throws Error(usage).
  std::vector<std::size_t> tag_counts() const;
  const std::vector<std::string>& without_tags() const { return without_tags_; }

 private:
  std::string tune_;
  Choice<TuneSearch> search_{
      {"grid", TuneSearch::grid}, {"random", TuneSearch::random}, {"halving", TuneSearch::halving}};
  std::size_t budget_ = TuningOptions{}.budget;
  std::string sweep_;
  std::string ablate_;
  std::vector<std::string> without_tags_;
};

}  // namespace balse::cli
