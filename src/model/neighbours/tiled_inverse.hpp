#pragma once

#include <cstddef>
#include <memory>

#include "model/kernels/tile_kernels.hpp"

namespace balse {

/// A symmetric positive definite matrix of single precision that is replaced by its inverse, in
/// n^2 numbers and n^3 floating-point operations. It lies in square tiles: each is made by one
/// thread, from others in a fixed order, so that the result is the same bits at any number of
/// threads. (A library's own threads would divide the work by their number.)
class TiledInverse {
 public:
  static constexpr std::size_t kSide = TileKernels::kSide;

  /// All zero; n is filled up to whole tiles.
  explicit TiledInverse(std::size_t n);

  std::size_t size() const { return n_; }
  std::size_t tiles() const { return tiles_; }

  /// Element (row, column) of the upper triangle, row <= column: of the matrix, then of the
  /// inverse.
  float& at(std::size_t row, std::size_t column) {
    return tile(row / kSide, column / kSide)[row % kSide * kSide + column % kSide];
  }
  float at(std::size_t row, std::size_t column) const {
    return tile(row / kSide, column / kSide)[row % kSide * kSide + column % kSide];
  }

  /// Its eigenvalues are at least `least`, which steadies the pivots.
  void invert(double least, InstructionSet set, int threads);

 private:
  float* tile(std::size_t row, std::size_t column) const {
    return tiles_of_ + (row * tiles_ + column) * TileKernels::kSize;
  }
  float* diagonal(std::size_t k) const { return diagonal_ + k * TileKernels::kSize; }

  void factorise_diagonal(std::size_t k, double least);
  void factorise(double least, const TileKernels& kernels, int threads);
  void invert_factor(const TileKernels& kernels, int threads);
  void multiply(const TileKernels& kernels, int threads);

  struct Free {
    void operator()(float* memory) const;
  };

  std::size_t n_;
  std::size_t tiles_;
  std::unique_ptr<float, Free> memory_;
  float* tiles_of_;  // tiles_ x tiles_
  float* diagonal_;  // tiles_: the transposed inverses of the factor's diagonal tiles
};

}  // namespace balse
