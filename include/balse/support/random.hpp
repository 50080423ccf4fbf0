#pragma once

#include <cstdint>
#include <random>

namespace balse {

/// Random numbers that are the same on every machine and with every standard library: the engine is
/// fixed by the C++ standard, the distributions are written out here because those of <random> are
/// not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }

  /// Uniform on [0, 1), 53 random bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

  /// Uniform on 0 .. n-1, without bias; n > 0.
  std::uint64_t below(std::uint64_t n);

  /// Standard normal (Marsaglia's polar method).
  double normal();

 private:
  std::mt19937_64 engine_;
  double spare_normal_ = 0.0;
  bool has_spare_ = false;
};

/// A seed for stream `stream` of a run seeded with `seed` (SplitMix64 of both), so that folds,
/// initial factors and gate starts draw independent numbers from one --seed.
std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t stream);

}  // namespace balse
