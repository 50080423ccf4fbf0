#include "balse/support/unfinished_files.hpp"

#include <atomic>
#include <cstring>
#include <unistd.h>
#include <utility>

#include <climits>

#include "balse/support/ending_signals.hpp"

namespace balse {
namespace {

// A slot's name does not change while it is ready, so a signal handler may read it at any moment;
// files beyond the last slot are left behind.
constexpr int kSlots = 16;
char slot_names[kSlots][PATH_MAX];
pid_t slot_processes[kSlots];
std::atomic<bool> slot_taken[kSlots];
std::atomic<bool> slot_ready[kSlots];

}  // namespace

SignalsHeldBack::SignalsHeldBack() : before_() {
  sigset_t ending = {};
  ::sigemptyset(&ending);
  for (const int signal : kEndingSignals) {
    ::sigaddset(&ending, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &ending, &before_);
}

SignalsHeldBack::~SignalsHeldBack() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void UnfinishedFile::remember(const std::string& path) {
  forget();
  for (int slot = 0; slot < kSlots && path.size() < PATH_MAX; ++slot) {
    if (!slot_taken[slot].exchange(true)) {
      std::memcpy(slot_names[slot], path.c_str(), path.size() + 1);
      slot_processes[slot] = ::getpid();
      slot_ready[slot] = true;
      slot_ = slot;
      return;
    }
  }
}

void UnfinishedFile::forget() {
  if (slot_ >= 0) {
    slot_ready[slot_] = false;
    slot_taken[slot_] = false;
    slot_ = -1;
  }
}

void UnfinishedFile::remove_all() noexcept {
  for (int slot = 0; slot < kSlots; ++slot) {
    // A copy of the process (fork) that is ended leaves the files of the other alone.
    if (slot_ready[slot] && slot_processes[slot] == ::getpid()) {
      ::unlink(slot_names[slot]);
    }
  }
}

}  // namespace balse
