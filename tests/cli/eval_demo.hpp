#pragma once

#include <string>
#include <vector>

#include "cli/run_program.hpp"

namespace balse::test {

inline const std::string kDemoRatings = BALSE_SOURCE_DIR "/data/demo/ratings.csv";
inline const std::string kDemoTags = BALSE_SOURCE_DIR "/data/demo/tags.csv";

/// Of the models that take little time.
inline Outcome eval_few(std::vector<std::string> more) {
  more.insert(more.begin(),
              {"eval", kDemoRatings, "--tags", kDemoTags, "--models", "bias,als,lasso,balse"});
  return run_balse(more);
}

}  // namespace balse::test
