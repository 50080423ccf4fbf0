#include "confinement.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "balse/support/error.hpp"

namespace balse {
namespace {

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

[[noreturn]] void fail_to_confine(int error_number) {
  throw Error(ErrorKind::usage,
              {.found = "this system has no seccomp (" + system_message(error_number) +
                        "), so a TorchScript cannot be kept from your files",
               .hint = "--unsafe-torchscript, if you trust whoever made it"});
}

/// What reckoning in several threads takes, and nothing else.
constexpr int kHarmless[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat),
    // memory
    SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mprotect), SCMP_SYS(madvise),
    SCMP_SYS(brk), SCMP_SYS(membarrier), SCMP_SYS(get_mempolicy),
    // threads
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(set_tid_address),
    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getcpu),
    SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group),
    // time, and what the machine is
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(getrusage), SCMP_SYS(times),
    SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getrandom)};

Filter make_filter() {
  Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!filter) {
    fail_to_confine(ENOMEM);
  }
  const auto check = [](int failure) {
    if (failure != 0) {
      fail_to_confine(-failure);
    }
  };
  for (const int call : kHarmless) {
    check(seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0));
  }
  // Threads, and no processes. What clone3 is to do lies in memory where a filter cannot look; told
  // that there is none, the C library takes clone.
  check(seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                         SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)));
  check(seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0));
  // Limits may be read, and threads named.
  check(seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
                         SCMP_A0_64(SCMP_CMP_EQ, 0), SCMP_A2_64(SCMP_CMP_EQ, 0)));
  check(seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                         SCMP_A0_64(SCMP_CMP_EQ, PR_SET_NAME)));
  // abort()
  check(seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                         SCMP_A0_64(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()))));
  check(seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1));
  return filter;
}

void limit_memory(std::uint64_t more) {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit limit = {};
  ::getrlimit(RLIMIT_AS, &limit);
  const rlim_t wanted = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) + more;
  limit.rlim_cur = std::min(limit.rlim_cur, wanted);
  limit.rlim_max = limit.rlim_cur;
  ::setrlimit(RLIMIT_AS, &limit);
}

}  // namespace

void confine(std::uint64_t memory) {
  limit_memory(memory);
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_FSIZE, &none);
  if (const int failure = seccomp_load(make_filter().get()); failure != 0) {
    fail_to_confine(-failure);
  }
}

}  // namespace balse
