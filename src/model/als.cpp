#include "balse/model/als.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <new>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

#include "model/kernels/als_kernels.hpp"

namespace balse {
namespace {

constexpr std::size_t kRowsPerRange =
    32;  // small enough to spread the few rows with thousands of ratings

struct FreeAligned {
  void operator()(double* p) const { ::operator delete[](p, std::align_val_t{64}); }
};
using AlignedBuffer = std::unique_ptr<double[], FreeAligned>;

AlignedBuffer make_buffer(std::size_t size) {
  return AlignedBuffer(
      static_cast<double*>(::operator new[](size * sizeof(double), std::align_val_t{64})));
}

/// Factors as the kernels read them: every row padded with zeros to `stride` doubles.
AlignedBuffer pad(const Factors& factors, std::size_t stride) {
  AlignedBuffer padded = make_buffer(factors.rows * stride);
  for (std::size_t row = 0; row < factors.rows; ++row) {
    for (std::size_t j = 0; j < stride; ++j) {
      padded[row * stride + j] = j < factors.rank ? factors.values[row * factors.rank + j] : 0.0;
    }
  }
  return padded;
}

void unpad(const AlignedBuffer& padded, std::size_t stride, Factors& factors) {
  for (std::size_t row = 0; row < factors.rows; ++row) {
    for (std::size_t j = 0; j < factors.rank; ++j) {
      factors.values[row * factors.rank + j] = padded[row * stride + j];
    }
  }
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

std::vector<double> offsets(const RatingMeans& means, const AlsOptions& options) {
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

double train_rmse(const Als& als, const RatingRows& by_user, int threads) {
  if (by_user.value.empty()) {
    return 0.0;
  }
  std::vector<double> squares(by_user.rows(),
                              0.0);  // by user, added up in order: the same at any thread count
  parallel_ranges(by_user.rows(), kRowsPerRange, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t user = begin; user < end; ++user) {
      const auto items = by_user.indices_of(user);
      const auto values = by_user.values_of(user);
      for (std::size_t k = 0; k < items.size(); ++k) {
        const double error = als.predict(static_cast<std::uint32_t>(user), items[k]) - values[k];
        squares[user] += error * error;
      }
    }
  });
  double sum = 0.0;
  for (const double square : squares) {
    sum += square;
  }
  return std::sqrt(sum / static_cast<double>(by_user.value.size()));
}

}  // namespace

std::string AlsOptions::validate() const {
  if (rank < 1 || rank > 1024) {
    return "the rank of ALS must be from 1 to 1024, not " + std::to_string(rank);
  }
  if (!(lambda > 0.0) || !std::isfinite(lambda)) {
    return "the regularisation lambda of ALS must be a positive number, not " +
           std::to_string(lambda);
  }
  if (iterations < 1) {
    return "ALS needs at least 1 iteration, not " + std::to_string(iterations);
  }
  return {};
}

double Als::predict(std::uint32_t user, std::uint32_t item) const {
  return AlsView(*this).predict(user, item);
}

double AlsView::predict(std::uint32_t user, std::uint32_t item) const {
  if (user >= users.rows || item >= items.rows) {
    return user < user_offset.size() ? user_offset[user] : 0.0;
  }
  const auto u = users.row(user);
  const auto v = items.row(item);
  double sum = 0.0;
  for (std::size_t k = 0; k < u.size(); ++k) {
    sum += u[k] * v[k];
  }
  return user_offset[user] + sum;
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

Als fit_als(const RatingMatrix& ratings, const RatingMeans& means, const AlsOptions& options,
            Factors start_users, Factors start_items, AlsSummary* summary) {
  const auto begun = std::chrono::steady_clock::now();
  const int threads = resolve_threads(options.threads);
  const auto rank = static_cast<std::size_t>(options.rank);
  const std::size_t stride = (rank + 3) / 4 * 4;
  Als als{.users = std::move(start_users),
          .items = std::move(start_items),
          .user_offset = offsets(means, options)};

  const AlsKernels& kernels = als_kernels(best_instruction_set());
  const AlignedBuffer user_factors = pad(als.users, stride);
  const AlignedBuffer item_factors = pad(als.items, stride);
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
  const auto solve = [&](const AlsHalfStep& step, std::size_t rows) {
    parallel_ranges(rows, kRowsPerRange, threads, [&](std::size_t begin, std::size_t end) {
      const AlignedBuffer workspace = make_buffer(kernels.workspace_size(rank, stride));
      kernels.solve_rows(step, begin, end, workspace.get());
    });
  };
  const AlsHalfStep for_users = half_step(ratings.by_user, true);
  const AlsHalfStep for_items = half_step(ratings.by_item, false);
  for (int iteration = 0; iteration < options.iterations; ++iteration) {
    solve(for_users, ratings.users());
    solve(for_items, ratings.items());
  }

  unpad(user_factors, stride, als.users);
  unpad(item_factors, stride, als.items);
  if (options.unseen == AlsUnseen::zero) {
    clear_unseen(means.user_count, als.users);
    clear_unseen(means.item_count, als.items);
  }
  const double rmse = train_rmse(als, ratings.by_user, threads);
  if (!std::isfinite(rmse)) {
    char lambda[32];
    std::snprintf(lambda, sizeof lambda, "%g", options.lambda);
    throw Error(ErrorKind::bad_data,
                {.found = std::string("ALS did not stay finite with lambda ") + lambda,
                 .hint = "a larger lambda, and whether the ratings are the right column"});
  }
  if (summary != nullptr) {
    summary->iterations = options.iterations;
    summary->train_rmse = rmse;
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
