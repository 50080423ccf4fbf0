#include "isolated.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <new>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "balse/support/error.hpp"

namespace balse {
namespace {

constexpr int kThrew = 1;

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorKind::io, {.found = std::string(what) + ": " + system_message(errno)});
}

std::uint64_t address_space() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void limit(int resource, std::uint64_t value) {
  const rlimit both = {value, value};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

/// The copy: whatever happens to it happens to nobody else.
[[noreturn]] void run_copy(int report, const Allowance& allowance,
                           const std::function<void()>& action) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The handlers of this process remove its files; a crash of the copy is expected, and no news.
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) {
    std::signal(signal, SIG_DFL);
  }
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ::dup2(nowhere, STDERR_FILENO);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_AS, address_space() + allowance.memory);
  const rlimit time = {allowance.seconds, allowance.seconds + 1};
  ::setrlimit(RLIMIT_CPU, &time);
  const auto tell = [&](std::string_view found) {
    [[maybe_unused]] const ssize_t told = ::write(report, found.data(), found.size());
    ::_exit(kThrew);
  };
  try {
    action();
  } catch (const Error& error) {
    tell(error.parts().found);
  } catch (const std::bad_alloc&) {
    tell("this takes too much memory");
  } catch (const std::exception& error) {
    tell(error.what());
  }
  ::_exit(0);
}

}  // namespace

std::string run_isolated(const Allowance& allowance, const std::function<void()>& action) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    fail("no pipe can be made");
  }
  const pid_t copy = ::fork();
  if (copy == 0) {
    run_copy(ends[1], allowance, action);
  }
  ::close(ends[1]);
  if (copy < 0) {
    ::close(ends[0]);
    fail("no process can be made");
  }
  std::string found;
  char block[4096];
  for (ssize_t count = 0; (count = ::read(ends[0], block, sizeof block)) != 0;) {
    if (count > 0) {
      found.append(block, static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      break;
    }
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(copy, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return {};
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
    return "this has not ended after " + std::to_string(allowance.seconds) + " s";
  }
  return found.empty() ? "this crashes whoever reads it" : found;
}

}  // namespace balse
