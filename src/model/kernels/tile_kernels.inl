// The body of tile_kernels_*.cpp: outer products of a few columns of both tiles, whose sums stay in
// registers until all rows have been added.

// Without AVX such vectors are not passed as with it; nothing here is called from another unit.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"

namespace balse::BALSE_KERNEL_NAMESPACE {
namespace {

constexpr std::size_t kLanes = 8;
// 12 sums, 2 vectors of b and one of a: 15 of the 16 registers of AVX2.
constexpr std::size_t kRows = 6;
constexpr std::size_t kSide = TileKernels::kSide;
static_assert(kSide % kRows == 0 && kSide % (2 * kLanes) == 0);

using Vec = float __attribute__((vector_size(4 * kLanes), may_alias));

inline const Vec& vec(const float* p) {
  return *reinterpret_cast<const Vec*>(p);
}
inline Vec& vec(float* p) {
  return *reinterpret_cast<Vec*>(p);
}

inline void add_block(const float* a, const float* b, float* c) {
  Vec left[kRows] = {};
  Vec right[kRows] = {};
  for (std::size_t k = 0; k < kSide; ++k) {
    const Vec b0 = vec(b + k * kSide);
    const Vec b1 = vec(b + k * kSide + kLanes);
#pragma GCC unroll 6
    for (std::size_t r = 0; r < kRows; ++r) {
      const Vec factor = a[k * kSide + r] - Vec{};
      left[r] += factor * b0;
      right[r] += factor * b1;
    }
  }
#pragma GCC unroll 6
  for (std::size_t r = 0; r < kRows; ++r) {
    vec(c + r * kSide) += left[r];
    vec(c + r * kSide + kLanes) += right[r];
  }
}

void add_product(const float* a, const float* b, float* c) {
  for (std::size_t column = 0; column < kSide; column += 2 * kLanes) {
    for (std::size_t row = 0; row < kSide; row += kRows) {
      add_block(a + row, b + column, c + row * kSide + column);
    }
  }
}

}  // namespace

const TileKernels& table() {
  static constexpr TileKernels kKernels = {add_product};
  return kKernels;
}

}  // namespace balse::BALSE_KERNEL_NAMESPACE

#pragma GCC diagnostic pop
