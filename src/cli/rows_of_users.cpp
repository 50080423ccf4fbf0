#include "rows_of_users.hpp"

#include <algorithm>
#include <cstddef>

#include <spdlog/spdlog.h>

#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"

namespace balse::cli {

std::vector<std::uint32_t> allowed_items(const TrainedModel& model,
                                         const std::vector<std::uint32_t>& asked,
                                         const CandidateOptions& options) {
  const std::vector<std::uint32_t> allowed = candidates_of(model, options);
  std::vector<std::uint32_t> items;
  for (const std::uint32_t item : asked) {
    if (std::binary_search(allowed.begin(), allowed.end(), item)) {
      items.push_back(item);
    } else {
      spdlog::warn("--item {}: nobody, as the options leave this item out",
                   shorten(model.items[item]));
    }
  }
  return items;
}

std::vector<std::uint32_t> known_users(const TrainedModel& model,
                                       const std::vector<std::string>& ids,
                                       const std::string& path) {
  std::vector<std::uint32_t> users;
  for (const std::string& id : ids) {
    if (const auto user = model.users.find(id)) {
      users.push_back(*user);
    }
  }
  if (const std::size_t unknown = ids.size() - users.size(); unknown > 0) {
    spdlog::warn("{}: {} unknown to the model and left out: nothing is known of their taste",
                 printable(path), counted(unknown, "user is", "users are"));
  }
  return users;
}

std::string rows_of_users(const TrainedModel& model, const std::vector<Recommendation>& users,
                          const RecommendRows& rows, int threads) {
  std::vector<std::string> texts(users.size());
  parallel_ranges(users.size(), 16, resolve_threads(threads),
                  [&](std::size_t begin, std::size_t end) {
                    for (std::size_t k = begin; k < end; ++k) {
                      texts[k] = rows.row(model.users[users[k].user], k + 1, users[k]);
                    }
                  });
  std::string text;
  for (const std::string& row : texts) {
    text += row;
  }
  return text;
}

}  // namespace balse::cli
