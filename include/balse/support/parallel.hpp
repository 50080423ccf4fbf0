#pragma once

#include <cstddef>
#include <exception>

namespace balse {

/// Processors this process may run on (respects taskset and cgroup cpusets), at least 1.
int available_processors();

/// `requested` when positive, otherwise available_processors().
int resolve_threads(int requested);

/// Calls body(begin, end) for consecutive ranges of at most `grain` indices that together cover 0
/// .. count-1, on `threads` threads, in no particular order. Results must not depend on that order:
/// every range writes what is its own, and sums are kept per range and added up in order
/// afterwards; then the same input gives the same bits at any thread count. The first exception of
/// a body is thrown again here.
template <typename Body>
void parallel_ranges(std::size_t count, std::size_t grain, int threads, const Body& body) {
  const std::size_t ranges = (count + grain - 1) / grain;
  if (ranges == 0) {
    return;
  }
  const auto run = [&](std::size_t range) {
    const std::size_t begin = range * grain;
    body(begin, begin + grain < count ? begin + grain : count);
  };
  if (threads <= 1 || ranges == 1) {
    for (std::size_t range = 0; range < ranges; ++range) {
      run(range);
    }
    return;
  }
  std::exception_ptr failure;  // an exception must not leave an OpenMP region
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (std::size_t range = 0; range < ranges; ++range) {
    try {
      run(range);
    } catch (...) {
#pragma omp critical(balse_parallel_failure)
      if (!failure) {
        failure = std::current_exception();
      }
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace balse
