#pragma once

#include <string>
#include <vector>

#include "balse/model/fit_record.hpp"
#include "balse/model/model_file.hpp"
#include "balse/model/training.hpp"

namespace balse::cli {

/// On standard error, in a few lines, what balse fit found.
void say_fit(const FitRecord& record, const Training& training);
/// What BALSE+ would have had instead, where that was found out.
void say_compared(const StackSummary& other);
/// How much a warm start from `old` has saved.
void say_warm_start(const ModelFile& old, const Training& training);

/// How long the way of a block's fit was. A model holds it as metadata, for the next
/// say_warm_start().
struct Effort {
  std::string key;    ///< "als_iterations"
  std::string words;  ///< "ALS iterations"
  std::string value;
};
std::vector<Effort> efforts(const Training& training);

}  // namespace balse::cli
