#pragma once

#include "balse/model/fit_record.hpp"
#include "balse/model/model_file.hpp"
#include "balse/model/training.hpp"

namespace balse::cli {

/// On standard error, in a few lines, what balse fit found.
void say_fit(const FitRecord& record, const Training& training);
/// How much a warm start from `old` has saved.
void say_warm_start(const ModelFile& old, const Training& training);

}  // namespace balse::cli
