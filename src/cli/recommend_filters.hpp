#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/serving/recommend.hpp"

#include "choices.hpp"
#include "path_conflicts.hpp"

namespace balse::cli {

/// The options of `recommend` that say which items may be recommended.
class RecommendFilters {
 public:
  /// The numbers are read into `options`, the rest by resolve().
  void declare(CLI::App& app, CandidateOptions& options);
  std::vector<NamedPath> paths() const;
  /// Throws Error(usage) for what no model can mean.
  void check() const;
  /// Fills in what takes a model: items and tags by their indices. Warns of those it does not have.
  void resolve(const TrainedModel& model, CandidateOptions& options) const;

 private:
  std::vector<std::uint32_t> items_of(const std::string& path, const TrainedModel& model) const;
  void resolve_tags(const TrainedModel& model, CandidateOptions& options) const;
  void resolve_safe(const TrainedModel& model, CandidateOptions& options) const;

  Choice<Candidates> only_{{"all", Candidates::all},
                           {"known", Candidates::known},
                           {"little-known", Candidates::little_known},
                           {"cold", Candidates::cold}};
  std::string items_path_;
  std::string excluded_path_;
  std::string items_column_;
  std::vector<std::string> excluded_tags_;
  std::vector<std::string> required_tags_;
  std::vector<std::string> safe_tags_;
  bool safe_ = false;
};

}  // namespace balse::cli
