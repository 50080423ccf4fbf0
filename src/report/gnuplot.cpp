#include "gnuplot.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "balse/support/error.hpp"
#include "balse/support/printable.hpp"
#include "balse/support/system_calls.hpp"

namespace balse::report {
namespace {

constexpr int kLongestMilliseconds = 60'000;

/// A file in memory: what a process reads from and writes to without a pipe that has to be served
/// meanwhile.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name) : descriptor_(::memfd_create(name, MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int descriptor() const { return descriptor_; }

  bool fill(std::string_view bytes) const {
    return descriptor_ >= 0 && write_all(descriptor_, bytes) &&
           ::lseek(descriptor_, 0, SEEK_SET) == 0;
  }

  std::string content() const {
    const off_t size = ::lseek(descriptor_, 0, SEEK_END);
    std::string bytes(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t got = uninterrupted([&] {
        return ::pread(descriptor_, bytes.data() + done, bytes.size() - done,
                       static_cast<off_t>(done));
      });
      if (got <= 0) {
        break;
      }
      done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
  }

 private:
  int descriptor_;
};

/// Files and signals of the process to be.
class SpawnPlan {
 public:
  SpawnPlan(const MemoryFile& in, const MemoryFile& out, const MemoryFile& err) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, in.descriptor(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, out.descriptor(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, err.descriptor(), STDERR_FILENO);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_ = {};
  posix_spawnattr_t attributes_ = {};
};

/// This process's environment, but for what would make gnuplot draw otherwise.
std::vector<char*> settled_environment(std::string& locale) {
  std::vector<char*> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto is_of = [&](std::string_view prefix) { return text.starts_with(prefix); };
    if (!is_of("LC_") && !is_of("LANG") && !is_of("GNUPLOT") && !is_of("GNUTERM") &&
        !is_of("FIT_")) {
      out.push_back(*entry);
    }
  }
  out.push_back(locale.data());
  out.push_back(nullptr);
  return out;
}

/// The status of waitpid(2), after `process` was killed where it took too long.
int ended(pid_t process) {
  // By its number: the header of pidfd_open(2) is not for C++ in glibc 2.36.
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
  if (handle >= 0) {
    pollfd watched = {.fd = handle, .events = POLLIN, .revents = 0};
    if (uninterrupted([&] { return ::poll(&watched, 1, kLongestMilliseconds); }) == 0) {
      ::kill(process, SIGKILL);
    }
    ::close(handle);
  }
  int status = 0;
  return uninterrupted([&] { return ::waitpid(process, &status, 0); }) < 0 ? -1 : status;
}

/// What gnuplot said of an error: its last line, which has the reason.
std::string last_line(std::string_view said) {
  while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) {
    said.remove_suffix(1);
  }
  const std::size_t line_end = said.rfind('\n');
  return shorten(line_end == std::string_view::npos ? said : said.substr(line_end + 1), 200);
}

std::string problem_of(int status, std::string_view output, const std::string& said) {
  if (WIFSIGNALED(status)) {
    return WTERMSIG(status) == SIGKILL
               ? "gnuplot was killed or took more than a minute"
               : "gnuplot ended by signal " + std::to_string(WTERMSIG(status));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return "gnuplot failed and said " + last_line(said);
  }
  return output.empty() ? "gnuplot drew nothing and said " + last_line(said) : "";
}

}  // namespace

Plotted run_gnuplot(const std::string& script) {
  const MemoryFile in("script");
  const MemoryFile out("picture");
  const MemoryFile err("messages");
  if (!in.fill(script) || out.descriptor() < 0 || err.descriptor() < 0) {
    return {.problem = "gnuplot cannot be started: " + system_message(errno)};
  }
  const SpawnPlan plan(in, out, err);
  std::string locale = "LC_ALL=C.UTF-8";
  std::vector<char*> environment = settled_environment(locale);
  std::string name = "gnuplot";
  std::string no_settings = "-d";
  std::array<char*, 3> arguments = {name.data(), no_settings.data(), nullptr};
  pid_t process = 0;
  const int failure = ::posix_spawnp(&process, name.c_str(), plan.actions(), plan.attributes(),
                                     arguments.data(), environment.data());
  if (failure == ENOENT) {
    return {.problem = "gnuplot is not installed", .is_installed = false};
  }
  if (failure != 0) {
    return {.problem = "gnuplot cannot be started: " + system_message(failure)};
  }
  const int status = ended(process);
  Plotted plotted{.output = out.content()};
  plotted.problem = problem_of(status, plotted.output, err.content());
  if (!plotted.problem.empty()) {
    plotted.output.clear();
  }
  return plotted;
}

}  // namespace balse::report
