#pragma once

#include <cstddef>
#include <string>

#include "balse/evaluation/evaluation.hpp"

#include "text_table.hpp"

namespace balse {

/// " [1.2340, 1.2520] *": the interval of a figure of the table, and how it compares with the best
/// of its column: `*` the best, `≈` not told apart from it.
std::string interval_and_mark(const Evaluation& evaluation, std::size_t contender, Subset subset);
/// What these mean, to go on a sentence with; findings are there.
std::string interval_words(const Evaluation& evaluation);

/// What was tuned, chosen fold by fold, and how to fit with it; empty where nothing was.
std::string tuning_words(const CrossValidationResult& result);

/// Pairs of models, slices and rankings as far as they were asked for, each with a line of
/// explanation; empty where none was.
std::string findings_text(const Evaluation& evaluation,
                          std::string (*render)(const TextTable& table));

}  // namespace balse
