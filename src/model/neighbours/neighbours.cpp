#include "balse/model/neighbours.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <utility>

#include "balse/support/parallel.hpp"

#include "model/neighbours/tiled_inverse.hpp"

namespace balse {
namespace {

constexpr std::uint32_t kLeftOut = UINT32_MAX;

/// The items that take part, ascending, and who has rated them.
class Participants {
 public:
  Participants(const RatedRows& rated, std::size_t items, const NeighbourOptions& options) {
    choose(rated, items, options);
    std::vector<std::uint32_t> place(items, kLeftOut);
    for (std::uint32_t k = 0; k < items_.size(); ++k) {
      place[items_[k]] = k;
    }
    std::vector<std::uint64_t> count(items_.size() + 1);
    for (std::size_t user = 0; user + 1 < rated.start.size(); ++user) {
      for (std::uint64_t at = rated.start[user]; at < rated.start[user + 1]; ++at) {
        const std::uint32_t k = place[rated.item[at]];
        if (k != kLeftOut) {
          of_user_.push_back(k);
          ++count[k + 1];
        }
      }
      user_start_.push_back(of_user_.size());
    }
    std::partial_sum(count.begin(), count.end(), count.begin());
    item_start_ = count;
    of_item_.resize(of_user_.size());
    for (std::uint32_t user = 0; user + 1 < user_start_.size(); ++user) {
      for (const std::uint32_t k : of_user(user)) {
        of_item_[count[k]++] = user;
      }
    }
  }

  std::size_t size() const { return items_.size(); }
  std::uint32_t item(std::size_t k) const { return items_[k]; }
  std::span<const std::uint32_t> of_user(std::size_t user) const {
    return std::span(of_user_).subspan(user_start_[user],
                                       user_start_[user + 1] - user_start_[user]);
  }
  std::span<const std::uint32_t> users_of(std::size_t k) const {
    return std::span(of_item_).subspan(item_start_[k], item_start_[k + 1] - item_start_[k]);
  }

 private:
  void choose(const RatedRows& rated, std::size_t items, const NeighbourOptions& options) {
    std::vector<std::uint32_t> count(items);
    for (const std::uint32_t item : rated.item) {
      ++count[item];
    }
    const auto least = static_cast<std::uint32_t>(options.min_ratings);
    for (std::uint32_t item = 0; item < items; ++item) {
      if (count[item] >= least) {
        items_.push_back(item);
      }
    }
    const auto most = static_cast<std::size_t>(options.max_items);
    if (items_.size() > most) {
      std::stable_sort(items_.begin(), items_.end(), [&](std::uint32_t left, std::uint32_t right) {
        return count[left] > count[right];
      });
      items_.resize(most);
      std::sort(items_.begin(), items_.end());
    }
  }

  std::vector<std::uint32_t> items_;
  std::vector<std::uint64_t> user_start_ = {0};
  std::vector<std::uint32_t> of_user_;  // places in items_, ascending
  std::vector<std::uint64_t> item_start_;
  std::vector<std::uint32_t> of_item_;
};

/// X'X + lambda I, its upper triangle.
TiledInverse normal_matrix(const Participants& participants, double lambda, int threads) {
  TiledInverse matrix(participants.size());
  parallel_ranges(participants.size(), 16, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      for (const std::uint32_t user : participants.users_of(k)) {
        const auto all = participants.of_user(user);
        for (auto other = std::lower_bound(all.begin(), all.end(), k); other != all.end();
             ++other) {
          matrix.at(k, *other) += 1.0F;
        }
      }
      matrix.at(k, k) += static_cast<float>(lambda);
    }
  });
  return matrix;
}

using Neighbour = std::pair<float, std::uint32_t>;  // weight, place

/// The strongest of one column of B, by place.
void strongest_of(const TiledInverse& inverse, std::size_t j, std::size_t count,
                  std::vector<Neighbour>& found) {
  found.clear();
  const float scale = -1.0F / inverse.at(j, j);
  for (std::uint32_t k = 0; k < inverse.size(); ++k) {
    if (k != j) {
      found.emplace_back((k < j ? inverse.at(k, j) : inverse.at(j, k)) * scale, k);
    }
  }
  const std::size_t kept = std::min(count, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(),
                    [](const Neighbour& left, const Neighbour& right) {
                      return left.first != right.first ? left.first > right.first
                                                       : left.second < right.second;
                    });
  found.resize(kept);
  std::sort(found.begin(), found.end(), [](const Neighbour& left, const Neighbour& right) {
    return left.second < right.second;
  });
}

Parameters sparse_rows(const Participants& participants, std::size_t items,
                       const std::vector<std::vector<Neighbour>>& found) {
  std::vector<std::uint64_t> start = {0};
  std::vector<std::uint32_t> index;
  std::vector<double> weight;
  std::size_t next = 0;
  for (std::size_t item = 0; item < items; ++item) {
    if (next < participants.size() && participants.item(next) == item) {
      for (const Neighbour& neighbour : found[next]) {
        index.push_back(participants.item(neighbour.second));
        weight.push_back(neighbour.first);
      }
      ++next;
    }
    start.push_back(index.size());
  }
  Parameters parameters;
  parameters.add(Neighbours::kWeights, std::move(start), std::move(index), std::move(weight));
  return parameters;
}

}  // namespace

void NeighbourOptions::visit(FieldVisitor& visitor) {
  visitor.enter(kGroup);
  visitor.whole({"count",
                 "Neighbours of each item that the model keeps, for recommend --rank-by "
                 "relevance; 0 learns none",
                 "neighbours"},
                {0, 1000}, count);
  visitor.number({"lambda", "Ridge of the regression of every item on all others"},
                 {0.0, 1e12, true}, lambda);
  visitor.whole({"min-ratings", "Items with fewer ratings have no neighbours, and are none"},
                {1, 1e9}, min_ratings);
  visitor.whole({"max-items", "Of the items with the most ratings; memory is 4 N^2 bytes"},
                {1, 100000}, max_items);
}

std::vector<Figure> NeighbourSummary::figures() const {
  return {{.name = "items", .value = static_cast<double>(items), .whole = true}};
}

std::string NeighbourSummary::sentence() const {
  if (items == 0) {
    return {};
  }
  char text[100];
  std::snprintf(text, sizeof text, "of %zu items, %.1f s", items, seconds);
  return text;
}

Parameters Neighbours::learn(const RatedRows& rated, std::size_t items,
                             const NeighbourOptions& options, int threads,
                             NeighbourSummary& summary) {
  const auto begun = std::chrono::steady_clock::now();
  summary = {};
  if (options.count == 0) {
    return {};
  }
  const Participants participants(rated, items, options);
  TiledInverse matrix = normal_matrix(participants, options.lambda, threads);
  matrix.invert(options.lambda, best_instruction_set(), threads);
  std::vector<std::vector<Neighbour>> found(participants.size());
  parallel_ranges(found.size(), 16, threads, [&](std::size_t begin, std::size_t end) {
    std::vector<Neighbour> column;
    for (std::size_t j = begin; j < end; ++j) {
      strongest_of(matrix, j, static_cast<std::size_t>(options.count), column);
      found[j] = column;
    }
  });
  summary.items = participants.size();
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return sparse_rows(participants, items, found);
}

std::vector<Figure> Neighbours::describe(const Parameters& parameters) {
  const SparseView weights = parameters.sparse(kWeights);
  std::size_t items = 0;
  std::size_t most = 0;
  for (std::size_t item = 0; item < weights.rows(); ++item) {
    const std::size_t count = weights.indices_of(item).size();
    items += count > 0 ? 1 : 0;
    most = std::max(most, count);
  }
  return {{.name = "items", .value = static_cast<double>(items), .whole = true},
          {.name = "most", .value = static_cast<double>(most), .whole = true}};
}

}  // namespace balse
