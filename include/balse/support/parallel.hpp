#pragma once

#include <cstddef>
#include <functional>

namespace balse {

/// Processors this process may run on (respects taskset and cgroup cpusets), at least 1.
int available_processors();

/// `requested` when positive, otherwise available_processors(); never more than a few times those:
/// results are the same at any number, and thousands of threads only cost time and memory.
int resolve_threads(int requested);

/// Calls run(range) for every range from 0 to ranges - 1, on up to `threads` threads, the calling
/// one among them. The others are kept from call to call; they sleep in between and wait for nobody
/// while they run, so that a processor which somebody else uses slows only the ranges it has taken.
/// Where the system gives no more threads, those there are do all the work. Inside of a range
/// everything is done by the one thread. The first exception of a range is thrown again here,
/// and ranges that have not begun by then are left out.
void run_ranges(std::size_t ranges, int threads, const std::function<void(std::size_t)>& run);

/// Calls body(begin, end) for consecutive ranges of at most `grain` indices that together cover 0
/// .. count-1, on `threads` threads, in no particular order. Results must not depend on that order:
/// every range writes what is its own, and sums are kept per range and added up in order
/// afterwards; then the same input gives the same bits at any thread count. The first exception of
/// a body is thrown again here.
template <typename Body>
void parallel_ranges(std::size_t count, std::size_t grain, int threads, const Body& body) {
  run_ranges((count + grain - 1) / grain, threads, [&](std::size_t range) {
    const std::size_t begin = range * grain;
    body(begin, begin + grain < count ? begin + grain : count);
  });
}

}  // namespace balse
