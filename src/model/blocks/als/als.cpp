#include "balse/model/als.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

#include "model/blocks/als/half_step.hpp"

namespace balse {
namespace {

// Four sums, so that an addition does not wait for the one before. Of pointers: the library's
// assertions on every element of a span take as long as the product.
double dot(const double* u, const double* v, std::size_t size) {
  double sums[4] = {};
  std::size_t k = 0;
  for (; k + 4 <= size; k += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) {
      sums[lane] += u[k + lane] * v[k + lane];
    }
  }
  for (; k < size; ++k) {
    sums[0] += u[k] * v[k];
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

void clear_unseen(const std::vector<std::uint32_t>& counts, Factors& factors) {
  for (std::size_t row = 0; row < factors.rows; ++row) {
    if (counts[row] == 0) {
      for (double& value : factors.row(row)) {
        value = 0.0;
      }
    }
  }
}

struct Loss {
  double squared_error = 0.0;
  double penalty = 0.0;  // lambda * sum of w_i |U_i|^2 + the same for V

  double objective() const { return squared_error + penalty; }
};

double squared_norm(const double* row, std::size_t stride) {
  double sum = 0.0;
  for (std::size_t j = 0; j < stride; ++j) {
    sum += row[j] * row[j];
  }
  return sum;
}

double sum_in_order(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) {
    sum += value;
  }
  return sum;
}

/// Of padded factors, as the half steps see them.
Loss loss_of(const AlsHalfStep& for_users, const AlsHalfStep& for_items, std::size_t users,
             std::size_t items, int threads) {
  // By row, added up in order: the same at any thread count.
  std::vector<double> squares(users);
  std::vector<double> penalties(users + items);
  const auto penalty = [](const AlsHalfStep& step, std::size_t row) {
    const auto count = static_cast<double>(step.start[row + 1] - step.start[row]);
    const double weight = count == 0.0 ? 0.0 : step.weigh_by_count ? count : 1.0;
    return weight == 0.0 ? 0.0
                         : weight * squared_norm(step.solved + row * step.stride, step.stride);
  };
  parallel_ranges(users, kAlsRowsPerRange, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t user = begin; user < end; ++user) {
      const double* const u = for_users.solved + user * for_users.stride;
      for (std::uint64_t k = for_users.start[user]; k < for_users.start[user + 1]; ++k) {
        const double* const v = for_users.fixed + for_users.column[k] * for_users.stride;
        double sum = for_users.row_offset[user];
        for (std::size_t j = 0; j < for_users.rank; ++j) {
          sum += u[j] * v[j];
        }
        const double error = sum - for_users.value[k];
        squares[user] += error * error;
      }
      penalties[user] = penalty(for_users, user);
    }
  });
  parallel_ranges(items, kAlsRowsPerRange, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t item = begin; item < end; ++item) {
      penalties[users + item] = penalty(for_items, item);
    }
  });
  return {.squared_error = sum_in_order(squares),
          .penalty = for_users.lambda * sum_in_order(penalties)};
}

}  // namespace

void AlsOptions::visit(FieldVisitor& visitor) {
  static constexpr std::array<std::string_view, 3> kCentring = {"user", "global", "none"};
  static constexpr std::array<std::string_view, 2> kWeighting = {"by-count", "plain"};
  static constexpr std::array<std::string_view, 2> kUnseen = {"zero", "initial"};
  visitor.enter({"als", "ALS"});
  visitor.whole({"rank", "Latent factors", "rank"}, {1, 1024}, rank);
  visitor.number({"lambda", "Regularisation", "lambda"}, {0.0, 1e12, true}, lambda);
  visitor.whole({"iterations", "At most; each solves all users, then all items", "iterations"},
                {1, 1'000'000}, iterations);
  visitor.choice({"centring", "The mean that is subtracted from the ratings"}, kCentring, centring);
  visitor.choice({"weighting",
                  "lambda times the number of ratings (ALS-WR), or plain lambda (the paper's "
                  "displayed loss)"},
                 kWeighting, weighting);
  visitor.choice(
      {"unseen", "Factors of what has no training rating: zero, or the random initial ones",
       "unseen-factors"},
      kUnseen, unseen);
  visitor.number(
      {"tolerance", "Stop once an iteration gains less than this share of the objective; 0 never"},
      {0.0, 1.0}, tolerance);
}

std::string AlsOptions::validate() const {
  return first_fault(*this);
}

std::vector<Figure> AlsSummary::figures() const {
  return {{.name = "iterations", .value = static_cast<double>(iterations), .whole = true},
          {.name = "objective", .value = objective},
          {.name = "train_rmse", .value = train_rmse}};
}

std::string AlsSummary::sentence() const {
  char text[96];
  std::snprintf(text, sizeof text, "%d iterations, training RMSE %.4f", iterations, train_rmse);
  return text;
}

double Als::predict(std::uint32_t user, std::uint32_t item) const {
  return AlsView{users.view(), items.view(), user_offset}.predict(user, item);
}

double AlsView::predict(std::uint32_t user, std::uint32_t item) const {
  if (user >= users.rows || item >= items.rows) {
    return user < user_offset.size() ? user_offset[user] : 0.0;
  }
  const std::span<const double> factors = users.row(user);
  return user_offset[user] + dot(factors.data(), items.row(item).data(), factors.size());
}

void initialise_factors(const AlsOptions& options, std::size_t users, std::size_t items,
                        Factors& user_factors, Factors& item_factors) {
  Random random(options.seed);
  const auto rank = static_cast<std::size_t>(options.rank);
  const auto draw = [&](std::size_t rows) {
    Factors factors{.rows = rows, .rank = rank, .values = std::vector<double>(rows * rank)};
    for (double& value : factors.values) {
      value = random.uniform();
    }
    return factors;
  };
  user_factors = draw(users);
  item_factors = draw(items);
}

std::vector<double> als_offsets(const RatingMeans& means, const AlsOptions& options) {
  switch (options.centring) {
    case AlsCentring::user_mean: {
      std::vector<double> result = means.user;
      for (std::size_t user = 0; user < result.size(); ++user) {
        if (means.user_count[user] == 0 && options.unseen == AlsUnseen::initial) {
          result[user] = 0.0;  // as in the authors' code
        }
      }
      return result;
    }
    case AlsCentring::global_mean:
      return std::vector<double>(means.user.size(), means.global);
    case AlsCentring::none:
      break;
  }
  return std::vector<double>(means.user.size(), 0.0);
}

Als fit_als(const RatingMatrix& ratings, const RatingMeans& means, const AlsOptions& options,
            Factors start_users, Factors start_items, AlsSummary* summary) {
  const auto begun = std::chrono::steady_clock::now();
  const int threads = resolve_threads(options.threads);
  const auto rank = static_cast<std::size_t>(options.rank);
  const std::size_t stride = als_stride(rank);
  Als als{.users = std::move(start_users),
          .items = std::move(start_items),
          .user_offset = als_offsets(means, options)};

  const AlignedBuffer user_factors = pad_factors(als.users.view(), als.users.rows, stride);
  const AlignedBuffer item_factors = pad_factors(als.items.view(), als.items.rows, stride);
  const auto half_step = [&](const RatingRows& rows, bool rows_are_users) {
    return AlsHalfStep{.start = rows.start.data(),
                       .column = rows.index.data(),
                       .value = rows.value.data(),
                       .row_offset = rows_are_users ? als.user_offset.data() : nullptr,
                       .column_offset = rows_are_users ? nullptr : als.user_offset.data(),
                       .fixed = rows_are_users ? item_factors.get() : user_factors.get(),
                       .solved = rows_are_users ? user_factors.get() : item_factors.get(),
                       .rank = rank,
                       .stride = stride,
                       .lambda = options.lambda,
                       .weigh_by_count = options.weighting == AlsWeighting::by_count};
  };
  const AlsHalfStep for_users = half_step(ratings.by_user, true);
  const AlsHalfStep for_items = half_step(ratings.by_item, false);
  const auto loss = [&] {
    return loss_of(for_users, for_items, ratings.users(), ratings.items(), threads);
  };
  const auto rmse_of = [&](const Loss& reached) {
    return ratings.size() == 0
               ? 0.0
               : std::sqrt(reached.squared_error / static_cast<double>(ratings.size()));
  };
  std::vector<double> trace;
  double before = options.tolerance > 0.0 ? loss().objective() : 0.0;
  int iteration = 0;
  while (iteration < options.iterations) {
    solve_half_step(for_users, ratings.users(), threads);
    solve_half_step(for_items, ratings.items(), threads);
    ++iteration;
    if (options.trace) {
      trace.push_back(rmse_of(loss()));
    }
    if (options.tolerance > 0.0) {
      const double now = loss().objective();
      if (!(before - now >= options.tolerance * now)) {
        break;
      }
      before = now;
    }
  }
  const Loss reached = loss();

  unpad_factors(user_factors, stride, als.users);
  unpad_factors(item_factors, stride, als.items);
  if (options.unseen == AlsUnseen::zero) {
    clear_unseen(means.user_count, als.users);
    clear_unseen(means.item_count, als.items);
  }
  if (!std::isfinite(reached.objective())) {
    char lambda[32];
    std::snprintf(lambda, sizeof lambda, "%g", options.lambda);
    throw Error(ErrorKind::bad_data,
                {.found = std::string("ALS did not stay finite with lambda ") + lambda,
                 .hint = "a larger lambda, and whether the ratings are the right column"});
  }
  if (summary != nullptr) {
    summary->iterations = iteration;
    summary->objective = reached.objective();
    summary->train_rmse = rmse_of(reached);
    summary->trace = std::move(trace);
    summary->seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }
  return als;
}

Als fit_als(const RatingMatrix& ratings, const RatingMeans& means, const AlsOptions& options,
            AlsSummary* summary) {
  Factors users;
  Factors items;
  initialise_factors(options, ratings.users(), ratings.items(), users, items);
  return fit_als(ratings, means, options, std::move(users), std::move(items), summary);
}

}  // namespace balse
