#pragma once

#include <string>
#include <vector>

#include "balse/report/report_folder.hpp"

#include "eval_inputs.hpp"

namespace balse::cli {

/// A few posters of `folder` for a report, each with the tags that weigh most: of the most rated
/// items that have both. They are put into the page as they are, so large files are left out, which
/// a line on stderr says.
std::vector<PosterWithTags> report_posters(const std::string& folder, const EvalInputs& inputs);

}  // namespace balse::cli
