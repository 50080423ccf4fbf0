#include "process.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <fcntl.h>
#include <new>
#include <string_view>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <typeinfo>
#include <unistd.h>

#include "balse/support/atomic_file.hpp"
#include "balse/support/ending_signals.hpp"

#include "log_file.hpp"

namespace balse::cli {
namespace {

extern "C" void remove_outputs_and_die(int signal) {
  AtomicFile::remove_unfinished();
  ::signal(signal, SIG_DFL);
  ::raise(signal);  // held back until the handler returns
}

// Without memory, and within a signal handler.
void say_at_the_end(std::string_view words) {
  for (const std::string_view piece :
       {std::string_view("balse: error: "), words, std::string_view("\n")}) {
    if (::write(STDERR_FILENO, piece.data(), piece.size()) < 0) {
      break;  // nowhere to say it
    }
  }
  log_without_memory("error", words);
}

// A mapped file that somebody cuts short while it is read: there is nothing left to go on with.
extern "C" void say_file_was_cut(int /*signal*/) {
  AtomicFile::remove_unfinished();
  say_at_the_end(
      "a model file was cut short while it was read; replace models by renaming, as balse fit "
      "does");
  ::_exit(EX_IOERR);
}

// The C++ library sets memory aside for the exception that says that there is none; where not even
// that could be had it calls std::terminate.
[[noreturn]] void end_uncaught() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  if (type == nullptr || *type == typeid(std::bad_alloc)) {
    end_out_of_memory();
  }
  AtomicFile::remove_unfinished();
  std::abort();
}

// Where address space is limited, the stack may not be able to grow when it must, and the system
// has no way to say so but SIGSEGV. So it grows now, by more than matrix products and sorts take of
// it, after a look whether it can. (Other threads' stacks are whole from the beginning.)
constexpr std::size_t kStackInUse = std::size_t{1} << 20;

bool has_room_for(std::size_t bytes) {
  void* const probe = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return probe != MAP_FAILED && ::munmap(probe, bytes) == 0;
}

__attribute__((noinline)) void touch_stack() {
  std::array<volatile char, kStackInUse> bytes;
  constexpr std::size_t kPage = 4096;
  for (std::size_t at = kStackInUse; at >= kPage; at -= kPage) {  // downwards, as a stack grows
    bytes[at - 1] = 0;
  }
}

void grow_stack() {
  struct rlimit space = {};
  if (::getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur == RLIM_INFINITY) {
    return;
  }
  if (!has_room_for(kStackInUse)) {
    end_out_of_memory();
  }
  touch_stack();
}

// Before any library's constructors run: those need memory too.
void prepare_for_little_memory() {
  std::set_terminate(end_uncaught);
}

__attribute__((section(".preinit_array"),
               used)) void (*const before_everything)() = prepare_for_little_memory;

}  // namespace

void end_out_of_memory() noexcept {
  AtomicFile::remove_unfinished();
  say_at_the_end(kOutOfMemory);
  ::_exit(EX_OSERR);
}

void prepare_process() {
  grow_stack();
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0) {
      // Results that nobody can read are an error: standard output stays unwritable.
      ::open("/dev/null", descriptor == 1 ? O_RDONLY : O_RDWR);
    }
  }
  std::signal(SIGXFSZ, SIG_IGN);  // a file that reaches a limit of its size is a failed write
  struct sigaction cut = {};
  cut.sa_handler = say_file_was_cut;
  ::sigaction(SIGBUS, &cut, nullptr);
  struct sigaction action = {};
  action.sa_handler = remove_outputs_and_die;
  // A second signal (timeout(1) sends two) must not end the process before the first one's handler
  // has removed everything.
  for (const int signal : kEndingSignals) {
    ::sigaddset(&action.sa_mask, signal);
  }
  for (const int signal : kEndingSignals) {
    struct sigaction old = {};
    // What the caller ignores (nohup) stays ignored, what a profiler handles stays handled.
    if (::sigaction(signal, nullptr, &old) == 0 && old.sa_handler == SIG_DFL) {
      ::sigaction(signal, &action, nullptr);
    }
  }
}

}  // namespace balse::cli
