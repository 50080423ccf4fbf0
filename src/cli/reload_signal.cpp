#include "reload_signal.hpp"

#include <atomic>
#include <csignal>

namespace balse::cli {
namespace {

std::atomic<bool> reload_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // a handler may set it

extern "C" void ask_for_reload(int /*signal*/) {
  reload_asked = true;
}

}  // namespace

void catch_reload_signal() {
  struct sigaction action = {};
  action.sa_handler = ask_for_reload;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGHUP, &action, nullptr);
}

bool take_reload_signal() {
  return reload_asked.exchange(false);
}

}  // namespace balse::cli
