#pragma once

#include <string>
#include <vector>

#include "balse/evaluation/score_reader.hpp"

#include "path_conflicts.hpp"

namespace balse::cli {

/// What --score NAME=FILE[:COLUMN] names. Throws Error(usage) for what is not of that form, and for
/// a name that is twice there or is one of the program's models.
std::vector<ScoreFile> score_files(const std::vector<std::string>& options);

std::vector<NamedPath> score_paths(const std::vector<ScoreFile>& files);

}  // namespace balse::cli
