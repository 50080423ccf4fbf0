#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "balse/evaluation/report.hpp"
#include "balse/evaluation/splits.hpp"

#include "eval_inputs.hpp"
#include "eval_options.hpp"

namespace balse::cli {

/// How a result was made; `command_line` is argv.
Manifest manifest_of(const EvalOptions& options, const EvalInputs& inputs, const Splits& splits,
                     const CrossValidationOptions& training,
                     const std::vector<std::string>& command_line);

/// Hands on the splits as a folds file.
void write_folds(const EvalOptions& options, const EvalInputs& inputs, const Splits& splits,
                 const std::function<void(std::string_view)>& write);

/// The same for two runs where the one may go on with what the other has learned: of the same
/// program, data, options and folds.
std::string run_fingerprint(const Manifest& manifest);

/// The command line, so that a shell reads it the same.
std::string shell_command(const std::vector<std::string>& command_line);

}  // namespace balse::cli
