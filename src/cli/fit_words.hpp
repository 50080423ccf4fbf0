#pragma once

#include <map>
#include <string>

#include "balse/model/fit_record.hpp"
#include "balse/model/model_file.hpp"
#include "balse/model/training.hpp"

namespace balse::cli {

/// On standard error, in a few lines, what balse fit found.
void say_fit(const FitRecord& record, const Training& training);
/// How much a warm start from `old` has saved.
void say_warm_start(const ModelFile& old, const Training& training);

/// How long the way of each block's fit was, as metadata of the model, for say_warm_start() of the
/// next one: {"als_iterations", "10"}.
std::map<std::string, std::string> efforts(const Training& training);
std::string effort_key(const BlockKind& kind);

}  // namespace balse::cli
