// What the processor can do at most: independent fused multiply-adds in registers, in float32.
//   fma_peak THREADS     prints gflops=N, of all threads together

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <immintrin.h>
#include <thread>
#include <vector>

namespace {

constexpr int kChains = 16;  // more than latency times units
constexpr long kRounds = 40'000'000;

/// Floating-point operations done.
__attribute__((target("avx512f"))) double run_avx512(float* sink) {
  __m512 sums[kChains];
  for (int k = 0; k < kChains; ++k) {
    sums[k] = _mm512_set1_ps(static_cast<float>(k));
  }
  const __m512 factor = _mm512_set1_ps(0.999F);
  const __m512 term = _mm512_set1_ps(0.001F);
  for (long round = 0; round < kRounds; ++round) {
#pragma GCC unroll 16
    for (__m512& sum : sums) {
      sum = _mm512_fmadd_ps(sum, factor, term);
    }
  }
  for (const __m512& sum : sums) {
    *sink += _mm512_cvtss_f32(sum);
  }
  return 2.0 * 16 * kChains * kRounds;
}

__attribute__((target("avx2,fma"))) double run_avx2(float* sink) {
  __m256 sums[kChains - 4];  // there are 16 registers
  for (int k = 0; k < kChains - 4; ++k) {
    sums[k] = _mm256_set1_ps(static_cast<float>(k));
  }
  const __m256 factor = _mm256_set1_ps(0.999F);
  const __m256 term = _mm256_set1_ps(0.001F);
  for (long round = 0; round < kRounds; ++round) {
#pragma GCC unroll 16
    for (__m256& sum : sums) {
      sum = _mm256_fmadd_ps(sum, factor, term);
    }
  }
  for (const __m256& sum : sums) {
    *sink += _mm256_cvtss_f32(sum);
  }
  return 2.0 * 8 * (kChains - 4) * kRounds;
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 1;
  double best = 0.0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    std::vector<double> operations(static_cast<std::size_t>(count));
    std::vector<float> sinks(operations.size());
    std::vector<std::thread> threads;
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t k = 0; k < operations.size(); ++k) {
      threads.emplace_back([&, k] {
        operations[k] =
            __builtin_cpu_supports("avx512f") != 0 ? run_avx512(&sinks[k]) : run_avx2(&sinks[k]);
      });
    }
    double sum = 0.0;
    for (std::size_t k = 0; k < operations.size(); ++k) {
      threads[k].join();
      sum += operations[k];
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    best = std::max(best, sum / seconds.count() / 1e9);
  }
  std::printf("gflops=%.0f\n", best);
}
