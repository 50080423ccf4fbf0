#include "model/blocks/lasso/fit.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include "balse/support/parallel.hpp"

#include "model/blocks/lasso/user_solver.hpp"

namespace balse {
namespace {

// What a thread found, user after user; a user's part is found by UserResult.
struct Shelf {
  std::vector<std::uint32_t> tag;
  std::vector<double> coefficient;
};

struct UserResult {
  std::size_t shelf = 0;
  std::size_t begin = 0;
  std::size_t nonzeros = 0;
  std::size_t steps = 0;
  bool warm = false;
  UserProblem::Evaluation evaluation;
};

// 1 / the population standard deviation of each tag over the first items, 1 for a tag that never
// varies; as scikit-learn's StandardScaler(with_mean=False), which judges that the same way.
std::vector<double> inverse_deviation(const TagMatrixView& tags, std::size_t scaled) {
  const auto items = static_cast<double>(scaled);
  const std::size_t elements = scaled == 0 ? 0 : tags.start[scaled];
  std::vector<double> mean(tags.tag_count, 0.0);
  std::vector<double> variance(tags.tag_count, 0.0);
  std::vector<double> seen(tags.tag_count, 0.0);
  for (std::size_t k = 0; k < elements; ++k) {
    mean[tags.tag[k]] += tags.weight[k] / items;
    seen[tags.tag[k]] += 1.0;
  }
  for (std::size_t k = 0; k < elements; ++k) {
    const double offset = tags.weight[k] - mean[tags.tag[k]];
    variance[tags.tag[k]] += offset * offset / items;
  }
  for (std::size_t tag = 0; tag < tags.tag_count; ++tag) {
    variance[tag] += mean[tag] * mean[tag] * (items - seen[tag]) / items;
    const double roundoff = std::numeric_limits<double>::epsilon() * items;
    const double floor = roundoff * (variance[tag] + roundoff * mean[tag] * mean[tag]);
    variance[tag] = variance[tag] > floor ? 1.0 / std::sqrt(variance[tag]) : 1.0;
  }
  return variance;
}

// Users with most ratings first: the last ones to be handed out are quick, so that no thread waits
// long for another.
std::vector<std::uint32_t> users_by_work(const RatingRows& by_user) {
  std::vector<std::uint32_t> users(by_user.rows());
  std::iota(users.begin(), users.end(), 0u);
  std::stable_sort(users.begin(), users.end(), [&](std::uint32_t left, std::uint32_t right) {
    return by_user.count(left) > by_user.count(right);
  });
  while (!users.empty() && by_user.count(users.back()) == 0) {
    users.pop_back();
  }
  return users;
}

LassoStart start_of(const Lasso& start, std::size_t user) {
  if (user >= start.users()) {
    return {};
  }
  return {start.tags_of(user), start.coefficients_of(user)};
}

void put_on_shelf(const UserSolver& solver, const std::vector<double>& inverse_scale, Shelf& shelf,
                  UserResult& result) {
  result.begin = shelf.tag.size();
  for (std::size_t j = 0; j < solver.problem().tags(); ++j) {
    if (solver.coefficient()[j] != 0.0) {
      const std::uint32_t tag = solver.problem().global(j);
      shelf.tag.push_back(tag);
      shelf.coefficient.push_back(solver.coefficient()[j] * inverse_scale[tag]);
    }
  }
  result.nonzeros = shelf.tag.size() - result.begin;
  result.steps = solver.steps();
  result.warm = solver.warm();
}

Lasso assemble(const std::vector<Shelf>& shelves, const std::vector<UserResult>& results) {
  std::vector<std::uint64_t> start = {0};
  start.reserve(results.size() + 1);
  for (const UserResult& result : results) {
    start.push_back(start.back() + result.nonzeros);
  }
  std::vector<std::uint32_t> tag(start.back());
  std::vector<double> coefficient(start.back());
  std::vector<double> intercept;
  std::vector<double> objective;
  for (std::size_t user = 0; user < results.size(); ++user) {
    const UserResult& result = results[user];
    const Shelf& shelf = shelves[result.shelf];
    std::copy_n(shelf.tag.data() + result.begin, result.nonzeros, tag.data() + start[user]);
    std::copy_n(shelf.coefficient.data() + result.begin, result.nonzeros,
                coefficient.data() + start[user]);
    intercept.push_back(result.evaluation.intercept);
    objective.push_back(result.evaluation.objective);
  }
  return {std::move(start), std::move(tag), std::move(coefficient), std::move(intercept),
          std::move(objective)};
}

LassoSummary summarise(const std::vector<UserResult>& results, std::size_t users, double gap) {
  LassoSummary summary;
  summary.users = users;
  for (const UserResult& result : results) {
    summary.not_converged += result.evaluation.relative_gap <= gap ? 0 : 1;
    summary.worst_gap = std::max(summary.worst_gap, result.evaluation.relative_gap);
    summary.objective_sum += result.evaluation.objective;
    summary.nonzeros += result.nonzeros;
    summary.steps += result.steps;
    summary.warm_users += result.warm ? 1 : 0;
  }
  summary.cold_users = users - summary.warm_users;
  return summary;
}

}  // namespace

Lasso fit_lasso_with(const LassoKernels& kernels, const RatingRows& by_user,
                     const TagMatrixView& tags, const LassoOptions& options, const Lasso& start,
                     LassoSummary* summary, std::size_t scaled) {
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<double> inverse_scale =
      options.scaling == TagScaling::standard_deviation
          ? inverse_deviation(tags, std::min(scaled, tags.items()))
          : std::vector<double>(tags.tag_count, 1.0);
  const std::vector<std::uint32_t> users = users_by_work(by_user);
  const auto threads = static_cast<std::size_t>(resolve_threads(options.threads));
  std::vector<Shelf> shelves(std::max<std::size_t>(1, std::min(threads, users.size())));
  std::vector<UserResult> results(by_user.rows());
  std::atomic<std::size_t> next{0};
  const auto work = [&](std::size_t shelf, std::size_t /*end*/) {
    UserSolver solver(kernels, tags, inverse_scale, options);
    for (std::size_t k = next++; k < users.size(); k = next++) {
      const std::uint32_t user = users[k];
      results[user].shelf = shelf;
      results[user].evaluation =
          solver.solve(by_user.indices_of(user), by_user.values_of(user), start_of(start, user));
      put_on_shelf(solver, inverse_scale, shelves[shelf], results[user]);
    }
  };
  parallel_ranges(shelves.size(), 1, static_cast<int>(shelves.size()), work);
  if (summary != nullptr) {
    *summary = summarise(results, users.size(), options.relative_gap);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    summary->seconds = seconds.count();
  }
  return assemble(shelves, results);
}

}  // namespace balse
