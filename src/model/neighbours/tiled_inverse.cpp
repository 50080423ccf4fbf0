#include "model/neighbours/tiled_inverse.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <new>
#include <vector>

#include "balse/support/parallel.hpp"

// With G the matrix, in tiles G_ij: the Cholesky factor U is upper triangular, U'U = G, row of
// tiles by row:
//     U_ij = U_ii'^-1 (G_ij - sum over k < i of U_ki' U_kj)
// M = U'^-1, lower triangular, column by column: M_ii = U_ii'^-1 and
//     M_ij = -M_ii (sum over j <= k < i of U_ki' M_kj),   i > j
// and the inverse is M'M:
//     P_ij = sum over k >= j of M_ki' M_kj,   i <= j.
// Every product is a tile transposed times a tile, one kernel for all. U lies above the diagonal, M
// below it, U_ii^-1 on it; P then takes the place of U.

namespace balse {
namespace {

constexpr std::align_val_t kTileAlignment{64};

/// A tile for a thread to add up in.
struct alignas(64) Sum {
  std::array<float, TileKernels::kSize> values = {};

  float* data() { return values.data(); }
  void clear() { values.fill(0.0F); }
};

void transpose_tile(const float* from, float* to) {
  for (std::size_t row = 0; row < TileKernels::kSide; ++row) {
    for (std::size_t column = 0; column < TileKernels::kSide; ++column) {
      to[column * TileKernels::kSide + row] = from[row * TileKernels::kSide + column];
    }
  }
}

}  // namespace

void TiledInverse::Free::operator()(float* memory) const {
  ::operator delete(memory, kTileAlignment);
}

TiledInverse::TiledInverse(std::size_t n)
    : n_(n),
      tiles_((n + kSide - 1) / kSide),
      memory_(static_cast<float*>(::operator new(
          (tiles_ * tiles_ + tiles_) * TileKernels::kSize * sizeof(float), kTileAlignment))),
      tiles_of_(memory_.get()),
      diagonal_(tiles_of_ + tiles_ * tiles_ * TileKernels::kSize) {
  std::fill_n(tiles_of_, (tiles_ * tiles_ + tiles_) * TileKernels::kSize, 0.0F);
}

// U_kk and its inverse, in double precision: it is little work, and all else is multiplied by it.
// The tile becomes U_kk^-1, its transpose goes to diagonal(k).
void TiledInverse::factorise_diagonal(std::size_t k, double least) {
  float* const g = tile(k, k);
  std::vector<double> u(TileKernels::kSize);
  std::vector<double> inverse(TileKernels::kSize);
  for (std::size_t i = 0; i < kSide; ++i) {
    double pivot = g[i * kSide + i];
    for (std::size_t r = 0; r < i; ++r) {
      pivot -= u[r * kSide + i] * u[r * kSide + i];
    }
    // Exactly it is never less; rounding must not make a root of nothing.
    const double root = std::sqrt(std::max(pivot, least));
    u[i * kSide + i] = root;
    for (std::size_t j = i + 1; j < kSide; ++j) {
      double sum = g[i * kSide + j];
      for (std::size_t r = 0; r < i; ++r) {
        sum -= u[r * kSide + i] * u[r * kSide + j];
      }
      u[i * kSide + j] = sum / root;
    }
  }
  for (std::size_t j = 0; j < kSide; ++j) {
    inverse[j * kSide + j] = 1.0 / u[j * kSide + j];
    for (std::size_t i = j; i-- > 0;) {
      double sum = 0.0;
      for (std::size_t r = i + 1; r <= j; ++r) {
        sum += u[i * kSide + r] * inverse[r * kSide + j];
      }
      inverse[i * kSide + j] = -sum / u[i * kSide + i];
    }
  }
  std::transform(inverse.begin(), inverse.end(), g,
                 [](double value) { return static_cast<float>(value); });
  transpose_tile(g, diagonal(k));
}

void TiledInverse::factorise(double least, const TileKernels& kernels, int threads) {
  for (std::size_t i = 0; i < tiles_; ++i) {
    const auto subtract_above = [&](std::size_t j) {
      Sum sum;
      for (std::size_t k = 0; k < i; ++k) {
        kernels.add_product(tile(k, i), tile(k, j), sum.data());
      }
      std::transform(tile(i, j), tile(i, j) + TileKernels::kSize, sum.data(), tile(i, j),
                     std::minus<>());
    };
    subtract_above(i);
    factorise_diagonal(i, least);
    parallel_ranges(tiles_ - i - 1, 1, threads, [&](std::size_t range, std::size_t /*end*/) {
      const std::size_t j = i + 1 + range;
      subtract_above(j);
      Sum product;
      kernels.add_product(tile(i, i), tile(i, j), product.data());
      std::copy_n(product.data(), TileKernels::kSize, tile(i, j));
    });
  }
}

void TiledInverse::invert_factor(const TileKernels& kernels, int threads) {
  parallel_ranges(tiles_, 1, threads, [&](std::size_t j, std::size_t /*end*/) {
    Sum sum;
    for (std::size_t i = j + 1; i < tiles_; ++i) {
      sum.clear();
      for (std::size_t k = j; k < i; ++k) {
        kernels.add_product(tile(k, i), k == j ? diagonal(j) : tile(k, j), sum.data());
      }
      std::transform(sum.data(), sum.data() + TileKernels::kSize, sum.data(), std::negate<>());
      std::fill_n(tile(i, j), TileKernels::kSize, 0.0F);
      kernels.add_product(tile(i, i), sum.data(), tile(i, j));
    }
  });
}

void TiledInverse::multiply(const TileKernels& kernels, int threads) {
  parallel_ranges(tiles_, 1, threads, [&](std::size_t i, std::size_t /*end*/) {
    const auto column = [&](std::size_t k, std::size_t j) {
      return k == j ? diagonal(j) : tile(k, j);
    };
    for (std::size_t j = i; j < tiles_; ++j) {
      std::fill_n(tile(i, j), TileKernels::kSize, 0.0F);
      for (std::size_t k = j; k < tiles_; ++k) {
        kernels.add_product(column(k, i), column(k, j), tile(i, j));
      }
    }
  });
}

void TiledInverse::invert(double least, InstructionSet set, int threads) {
  const TileKernels& kernels = tile_kernels(set);
  for (std::size_t k = n_; k < tiles_ * kSide; ++k) {
    at(k, k) = static_cast<float>(least);  // what fills up the last tile stands by itself
  }
  factorise(least, kernels, threads);
  invert_factor(kernels, threads);
  multiply(kernels, threads);
}

}  // namespace balse
