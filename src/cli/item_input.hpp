#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/data/tags.hpp"

#include "model_input.hpp"
#include "path_conflicts.hpp"
#include "tagger_options.hpp"

namespace balse::cli {

/// The works that `recommend --item` asks about: items of the model or of its --tags by their ids,
/// and posters of works that neither knows.
class ItemInput {
 public:
  void declare(CLI::App& app);
  bool given() const { return !items_.empty(); }
  std::vector<NamedPath> inputs() const { return tagger_.inputs(); }

  /// Runs the network on those that are posters, if any are: with weights, whatever is the name of
  /// a file. Before there are other threads.
  void tag_posters();
  /// All of them in their order, once the tags of posters are the model's; says on standard error
  /// what was found on each. Throws Error(bad_data) for what nothing is known of.
  std::vector<std::uint32_t> resolve(ModelInput& input) const;

 private:
  void add_poster_tags(ModelInput& input) const;
  std::uint32_t find(const std::string& id, const ModelInput& input) const;

  std::vector<std::string> items_;    // ids, once posters are tagged
  std::vector<std::string> posters_;  // by row of tags_
  Tags tags_;                         // of the posters
  TaggerOptions tagger_;
};

}  // namespace balse::cli
