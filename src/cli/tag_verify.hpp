#pragma once

#include <span>
#include <string>
#include <vector>

#include "balse/tagging/tag_list.hpp"
#include "balse/tagging/tag_posters.hpp"

namespace balse::cli {

/// The probabilities of the only poster of a run. Throws Error(bad_data) where it failed.
class ProbabilitiesSink final : public PosterSink {
 public:
  void tagged(const Poster& poster, std::span<const float> probabilities) override;
  void failed(const Poster& poster, const std::string& reason) override;
  const std::vector<float>& probabilities() const { return probabilities_; }

 private:
  std::vector<float> probabilities_;
};

/// Compares a picture's probabilities with published ones: a JSON file with an object of
/// tag: probability for each category, and perhaps "threshold", at or above which it names all
/// tags. Prints a table to standard output; throws Error(bad_data) where one is off by more than
/// `tolerance`, is missing from the tag list, or is not expected.
void verify_tags(std::span<const float> probabilities, const TagList& tags,
                 const std::string& expected_path, double tolerance);

}  // namespace balse::cli
