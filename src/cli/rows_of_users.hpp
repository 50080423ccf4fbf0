#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "balse/serving/recommend.hpp"

#include "recommend_rows.hpp"

namespace balse::cli {

// What `recommend --item` needs besides what it shares with --user.

/// Those of the items that the options allow; a warning names the others.
std::vector<std::uint32_t> allowed_items(const TrainedModel& model,
                                         const std::vector<std::uint32_t>& asked,
                                         const CandidateOptions& options);

/// Those of the users that the model knows; a warning says how many it does not. `path` is where
/// they are from.
std::vector<std::uint32_t> known_users(const TrainedModel& model,
                                       const std::vector<std::string>& ids,
                                       const std::string& path);

/// The rows of one item's users, best first; the same at any number of threads.
std::string rows_of_users(const TrainedModel& model, const std::vector<Recommendation>& users,
                          const RecommendRows& rows, int threads);

}  // namespace balse::cli
