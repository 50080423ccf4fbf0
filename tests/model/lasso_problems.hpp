#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/data/tags.hpp"
#include "balse/model/lasso.hpp"
#include "balse/support/random.hpp"

namespace balse::test {

using Rows = std::vector<std::vector<double>>;

inline TagMatrix tag_matrix(const Rows& items, std::size_t tags) {
  TagMatrix matrix;
  matrix.tag_count = tags;
  for (const auto& item : items) {
    for (std::uint32_t tag = 0; tag < item.size(); ++tag) {
      if (item[tag] != 0.0) {
        matrix.tag.push_back(tag);
        matrix.weight.push_back(static_cast<float>(item[tag]));
      }
    }
    matrix.start.push_back(matrix.tag.size());
  }
  return matrix;
}

using UserRatings = std::vector<std::pair<std::uint32_t, float>>;  // item, rating

inline RatingRows rating_rows(const std::vector<UserRatings>& users) {
  RatingRows rows;
  rows.start = {0};
  for (const auto& user : users) {
    for (const auto& [item, value] : user) {
      rows.index.push_back(item);
      rows.value.push_back(value);
    }
    rows.start.push_back(rows.index.size());
  }
  return rows;
}

struct Problem {
  TagMatrix tags;
  RatingRows ratings;
};

/// Small problems with everything that goes wrong in real ones: items without tags, binary tags
/// (ties), tags that always come together (identical columns), a tag that is the sum of two others,
/// a tag that everything has, tags nothing has, few distinct ratings, more tags than ratings.
inline Problem random_problem(std::uint64_t seed, std::size_t items, std::size_t tags,
                              std::size_t users, std::size_t most_ratings) {
  Random random(seed);
  const bool binary = random.below(2) == 0;
  Rows matrix(items, std::vector<double>(tags, 0.0));
  for (auto& item : matrix) {
    if (random.uniform() < 0.2) {
      continue;
    }
    for (std::size_t tag = 0; tag < tags; ++tag) {
      if (random.uniform() < 0.35) {
        item[tag] = binary ? 1.0 : 0.1 + 0.9 * random.uniform();
      }
    }
    item[1] = item[0];
    item[2] = 0.5;
    if (tags > 6) {
      item[5] = item[3] + item[4];
      item[6] = 0.0;
    }
  }
  std::vector<UserRatings> ratings(users);
  const double values[] = {4, 2, 0.1, -2, 0.5, -0.5};
  for (auto& user : ratings) {
    const std::size_t count = random.below(most_ratings + 1);
    for (std::size_t k = 0; k < count; ++k) {
      const auto item = static_cast<std::uint32_t>(random.below(items));
      user.emplace_back(item, static_cast<float>(values[random.below(6)]));
    }
  }
  return {tag_matrix(matrix, tags), rating_rows(ratings)};
}

/// The next day: of some users' ratings one in thirty is gone, changed, or followed by a new one;
/// two users are new; weights are worked out again.
inline Problem next_day(const Problem& today, std::uint64_t seed) {
  Random random(seed);
  std::vector<UserRatings> users(today.ratings.rows() + 2);
  const auto any_item = [&] {
    return static_cast<std::uint32_t>(random.below(today.tags.items()));
  };
  for (std::size_t user = 0; user < today.ratings.rows(); ++user) {
    for (std::size_t k = 0; k < today.ratings.count(user); ++k) {
      const std::uint64_t event = user % 3 == 0 ? 3 : random.below(100);
      const float rating = today.ratings.values_of(user)[k];
      if (event != 0) {
        users[user].emplace_back(today.ratings.indices_of(user)[k], event == 1 ? -rating : rating);
      }
      if (event == 2) {
        users[user].emplace_back(any_item(), 2.0F);
      }
    }
  }
  for (int k = 0; k < 20; ++k) {
    users.back().emplace_back(any_item(), static_cast<float>(random.below(5)));
  }
  Problem result{today.tags, rating_rows(users)};
  for (float& weight : result.tags.weight) {
    weight *= static_cast<float>(1.0 + 0.01 * (random.uniform() - 0.5));
  }
  return result;
}

/// Ratings that follow a few tags and noise: as many coefficients as in real fits.
inline Problem plain_problem(std::uint64_t seed, std::size_t users) {
  constexpr std::size_t kItems = 500;
  constexpr std::size_t kTags = 80;
  Random random(seed);
  Rows items(kItems, std::vector<double>(kTags, 0.0));
  for (auto& item : items) {
    for (double& weight : item) {
      weight = random.uniform() < 0.15 ? 0.1 + 0.9 * random.uniform() : 0.0;
    }
  }
  std::vector<UserRatings> ratings(users);
  for (auto& user : ratings) {
    const std::size_t favourite = random.below(kTags);
    const std::size_t count = 20 + random.below(200);
    for (std::size_t k = 0; k < count; ++k) {
      const auto item = static_cast<std::uint32_t>(random.below(kItems));
      const double rating = 2.0 * items[item][favourite] + random.normal();
      user.emplace_back(item, static_cast<float>(rating));
    }
  }
  return {tag_matrix(items, kTags), rating_rows(ratings)};
}

/// Population standard deviation of each tag; 1 where it is 0.
inline std::vector<double> deviations(const TagMatrix& tags) {
  std::vector<double> result;
  for (std::uint32_t tag = 0; tag < tags.tag_count; ++tag) {
    std::vector<double> column(tags.items(), 0.0);
    for (std::size_t item = 0; item < tags.items(); ++item) {
      for (std::size_t k = 0; k < tags.count(item); ++k) {
        if (tags.tags_of(item)[k] == tag) {
          column[item] = tags.weights_of(item)[k];
        }
      }
    }
    double mean = 0.0;
    for (const double x : column) {
      mean += x / column.size();
    }
    double variance = 0.0;
    for (const double x : column) {
      variance += (x - mean) * (x - mean) / column.size();
    }
    result.push_back(variance > 1e-20 ? std::sqrt(variance) : 1.0);
  }
  return result;
}

/// One user's problem written out: x is dense, ratings by tags.
struct DenseUser {
  Rows x;
  std::vector<double> y;

  DenseUser(const Problem& problem, std::size_t user, const std::vector<double>& scale) {
    for (const std::uint32_t item : problem.ratings.indices_of(user)) {
      x.emplace_back(scale.size(), 0.0);
      for (std::size_t k = 0; k < problem.tags.count(item); ++k) {
        const std::uint32_t tag = problem.tags.tags_of(item)[k];
        x.back()[tag] = problem.tags.weights_of(item)[k] / scale[tag];
      }
    }
    const auto values = problem.ratings.values_of(user);
    y.assign(values.begin(), values.end());
  }

  std::vector<double> residual(const std::vector<double>& b, double intercept) const {
    std::vector<double> r = y;
    for (std::size_t i = 0; i < y.size(); ++i) {
      r[i] -= intercept;
      for (std::size_t j = 0; j < b.size(); ++j) {
        r[i] -= x[i][j] * b[j];
      }
    }
    return r;
  }

  double objective(const std::vector<double>& b, double intercept, double alpha) const {
    double sum = 0.0;
    for (const double r : residual(b, intercept)) {
      sum += r * r / (2.0 * y.size());
    }
    for (const double coefficient : b) {
      sum += alpha * std::abs(coefficient);
    }
    return sum;
  }
};

/// The lowest objective, by the plainest method there is: one coordinate (or the intercept) after
/// the other, each to its best value, until nothing moves by more than 1e-12.
inline double reference_objective(const DenseUser& user, double alpha, bool with_intercept) {
  const std::size_t tags = user.x[0].size();
  const auto n = static_cast<double>(user.y.size());
  std::vector<double> b(tags, 0.0);
  double intercept = 0.0;
  std::vector<double> r = user.y;
  double moved = 1.0;
  for (int epoch = 0; epoch < 100000 && moved > 1e-12; ++epoch) {
    moved = 0.0;
    for (std::size_t j = 0; j < tags; ++j) {
      double along = 0.0;
      double norm2 = 0.0;
      for (std::size_t i = 0; i < r.size(); ++i) {
        along += user.x[i][j] * (r[i] + user.x[i][j] * b[j]) / n;
        norm2 += user.x[i][j] * user.x[i][j] / n;
      }
      const double best =
          norm2 > 0.0 ? std::copysign(std::max(std::abs(along) - alpha, 0.0) / norm2, along) : 0.0;
      for (std::size_t i = 0; i < r.size(); ++i) {
        r[i] -= user.x[i][j] * (best - b[j]);
      }
      moved = std::max(moved, std::abs(best - b[j]));
      b[j] = best;
    }
    if (with_intercept) {
      double mean = 0.0;
      for (const double value : r) {
        mean += value / n;
      }
      for (double& value : r) {
        value -= mean;
      }
      moved = std::max(moved, std::abs(mean));
      intercept += mean;
    }
  }
  return user.objective(b, intercept, alpha);
}

}  // namespace balse::test
