#pragma once

#include <string>

#include "balse/data/works_reader.hpp"

namespace balse::cli {

/// Reads --works beside the ratings of these items, and says on stderr what was guessed and what
/// does not fit.
Works read_works_beside(const std::string& path, const IdIndex& rated, ReadWorksSummary& summary);

}  // namespace balse::cli
