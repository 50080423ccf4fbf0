#pragma once

// Programs that the system refuses something, or whose peak of memory is of interest.

#include <cerrno>
#include <seccomp.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "cli/run_program.hpp"

namespace balse::test {

/// A call that fails with `error_number`; where `mask` is not 0 only if its first argument has
/// `mask` set as in `value`.
struct Refusal {
  int call;
  int error_number;
  unsigned long mask = 0;
  unsigned long value = 0;
};

/// Runs balse, to which the system refuses these calls.
inline Outcome run_refused(const std::vector<Refusal>& refusals,
                           std::vector<std::string> arguments) {
  Scratch out;
  Scratch err;
  arguments.insert(arguments.begin(), BALSE_PROGRAM);
  std::vector<char*> pointers;
  for (std::string& word : arguments) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out.descriptor(), STDOUT_FILENO);
    ::dup2(err.descriptor(), STDERR_FILENO);
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    for (const Refusal& refusal : refusals) {
      const unsigned action = SCMP_ACT_ERRNO(static_cast<unsigned>(refusal.error_number));
      if (refusal.mask == 0) {
        seccomp_rule_add(filter, action, refusal.call, 0);
      } else {
        seccomp_rule_add(filter, action, refusal.call, 1,
                         SCMP_A0_64(SCMP_CMP_MASKED_EQ, refusal.mask, refusal.value));
      }
    }
    if (seccomp_load(filter) == 0) {
      ::execv(pointers[0], pointers.data());
    }
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .out = out.read(),
          .err = err.read()};
}

}  // namespace balse::test
