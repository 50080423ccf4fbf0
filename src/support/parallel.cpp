#include "balse/support/parallel.hpp"

#include <sched.h>
#include <thread>

namespace balse {

int available_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    const int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
  }
  const unsigned count =
      std::thread::hardware_concurrency();  // more processors than cpu_set_t holds
  return count > 0 ? static_cast<int>(count) : 1;
}

int resolve_threads(int requested) {
  return requested > 0 ? requested : available_processors();
}

}  // namespace balse
