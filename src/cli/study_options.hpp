#pragma once

#include <cstddef>
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

  /// Throws Error(usage) for what cannot be tuned.
  TuningOptions tuning() const;

 private:
  std::string tune_;
  Choice<TuneSearch> search_{
      {"grid", TuneSearch::grid}, {"random", TuneSearch::random}, {"halving", TuneSearch::halving}};
  std::size_t budget_ = TuningOptions{}.budget;
};

}  // namespace balse::cli
