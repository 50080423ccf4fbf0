#include "balse/support/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace balse {
namespace {

TEST_CASE("every range is run once at any number of threads", "[parallel]") {
  for (const int threads : {1, 2, 3, 5, 8, 16}) {
    for (const std::size_t count : {0u, 1u, 2u, 7u, 100u, 1000u}) {
      std::vector<std::atomic<int>> runs(count);
      std::atomic<bool> too_long{false};  // Catch's own checks are for one thread
      parallel_ranges(count, 7, threads, [&](std::size_t begin, std::size_t end) {
        too_long = too_long || end - begin > 7;
        for (std::size_t k = begin; k < end; ++k) {
          ++runs[k];
        }
      });
      CHECK_FALSE(too_long);
      for (const auto& run : runs) {
        REQUIRE(run == 1);
      }
    }
  }
}

TEST_CASE("threads share the ranges, and no more of them than asked for", "[parallel]") {
  // A crew of five from an earlier call must not come to a call for two.
  parallel_ranges(5, 1, 5, [](std::size_t, std::size_t) {});
  std::mutex mutex;
  std::set<std::thread::id> seen;
  parallel_ranges(40, 1, 2, [&](std::size_t, std::size_t) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  CHECK(seen.size() == 2);
  CHECK(seen.contains(std::this_thread::get_id()));
}

TEST_CASE("what a range throws is thrown again, and the next call works", "[parallel]") {
  for (const int threads : {1, 4}) {
    CHECK_THROWS_WITH(parallel_ranges(100, 1, threads,
                                      [](std::size_t begin, std::size_t) {
                                        if (begin == 17) {
                                          throw std::runtime_error("range 17");
                                        }
                                      }),
                      "range 17");
    std::atomic<int> sum{0};
    parallel_ranges(10, 1, threads,
                    [&](std::size_t begin, std::size_t) { sum += static_cast<int>(begin); });
    CHECK(sum == 45);
  }
}

TEST_CASE("a range that asks for threads, and two callers at once, get their work done",
          "[parallel]") {
  std::atomic<int> runs{0};
  const auto twice = [&] {
    parallel_ranges(8, 1, 4, [&](std::size_t, std::size_t) {
      parallel_ranges(8, 1, 4, [&](std::size_t, std::size_t) { ++runs; });
    });
  };
  std::thread other(twice);
  twice();
  other.join();
  CHECK(runs == 2 * 8 * 8);
}

TEST_CASE("threads that wait take no processor time", "[parallel]") {
  // OpenMP's wait by spinning: beside another process that made two threads slower than one.
  const auto processor_time = [] {
    timespec now = {};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  };
  const double before = processor_time();
  for (int call = 0; call < 20; ++call) {
    // One range sleeps; nobody has anything to do meanwhile, nor between two calls.
    parallel_ranges(4, 1, 4, [](std::size_t begin, std::size_t) {
      if (begin == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(processor_time() - before < 0.1);  // of 0.4 s, which three spinning threads would triple
}

TEST_CASE("a senseless number of threads is cut to what can be of use", "[parallel]") {
  CHECK(resolve_threads(0) == available_processors());
  CHECK(resolve_threads(3) == 3);
  CHECK(resolve_threads(1'000'000) <= std::max(4 * available_processors(), 16));
}

}  // namespace
}  // namespace balse
