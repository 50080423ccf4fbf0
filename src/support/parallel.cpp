#include "balse/support/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <sched.h>
#include <system_error>
#include <thread>
#include <vector>

namespace balse {
namespace {

/// The ranges of one call, handed out one after the other.
class Job {
 public:
  Job(std::size_t ranges, const std::function<void(std::size_t)>& run)
      : ranges_(ranges), run_(run) {}

  bool has_more() const { return next_.load(std::memory_order_relaxed) < ranges_; }

  void work() {
    for (std::size_t range = next_++; range < ranges_; range = next_++) {
      try {
        run_(range);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        failure_ = failure_ ? failure_ : std::current_exception();
        next_ = ranges_;
      }
    }
  }

  /// After everybody has ended.
  void finish() const {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

 private:
  const std::size_t ranges_;
  const std::function<void(std::size_t)>& run_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::exception_ptr failure_;
};

/// Threads that sleep until there is a job. They do not spin: where another process uses one of the
/// processors, threads that wait for each other spinning take turns with it and with each other,
/// and two are slower than one.
class Crew {
 public:
  Crew() = default;
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  ~Crew() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    called_.notify_all();
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }

  /// False, and nothing is done, while the crew is busy with somebody else's job.
  bool try_run(Job& job, std::size_t helpers) {
    const std::unique_lock whole(running_, std::try_to_lock);
    if (!whole.owns_lock()) {
      return false;
    }
    hire(helpers);
    {
      const std::lock_guard lock(mutex_);
      job_ = &job;
      seats_ = helpers;
    }
    for (std::size_t k = 0; k < std::min(helpers, threads_.size()); ++k) {
      called_.notify_one();
    }
    job.work();
    std::unique_lock lock(mutex_);
    job_ = nullptr;
    left_.wait(lock, [&] { return working_ == 0; });
    return true;
  }

 private:
  void hire(std::size_t helpers) {
    while (threads_.size() < helpers) {
      try {
        threads_.emplace_back([this] { serve(); });
      } catch (const std::system_error&) {
        return;  // the system has no more; fewer do as well
      }
    }
  }

  void serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      called_.wait(
          lock, [&] { return stopping_ || (job_ != nullptr && seats_ > 0 && job_->has_more()); });
      if (stopping_) {
        return;
      }
      Job& job = *job_;
      --seats_;
      ++working_;
      lock.unlock();
      job.work();
      lock.lock();
      --working_;
      if (working_ == 0) {
        left_.notify_one();
      }
    }
  }

  std::mutex running_;  // held as long as a job
  std::vector<std::thread> threads_;

  std::mutex mutex_;  // of all below
  std::condition_variable called_;
  std::condition_variable left_;
  Job* job_ = nullptr;
  std::size_t seats_ = 0;    // of the job that are still free
  std::size_t working_ = 0;  // threads at a job
  bool stopping_ = false;
};

thread_local bool inside_range = false;

}  // namespace

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
  constexpr int kTimes = 4;
  constexpr int kAlwaysAllowed = 16;
  const int processors = available_processors();
  return requested > 0 ? std::min(requested, std::max(kTimes * processors, kAlwaysAllowed))
                       : processors;
}

void run_ranges(std::size_t ranges, int threads, const std::function<void(std::size_t)>& run) {
  const std::size_t helpers =
      std::min(ranges, static_cast<std::size_t>(std::max(threads, 1))) - (ranges > 0 ? 1 : 0);
  if (helpers == 0 || inside_range) {
    for (std::size_t range = 0; range < ranges; ++range) {
      run(range);
    }
    return;
  }
  const std::function<void(std::size_t)> guarded = [&run](std::size_t range) {
    inside_range = true;
    struct Leave {
      ~Leave() { inside_range = false; }
    } const leave;
    run(range);
  };
  static Crew crew;
  Job job(ranges, guarded);
  if (!crew.try_run(job, helpers)) {
    job.work();
  }
  job.finish();
}

}  // namespace balse
