#include "balse/tagging/network.hpp"

#include <cerrno>
#include <unistd.h>

#include "balse/support/error.hpp"

#include "tagging/part.hpp"

namespace balse {
namespace {

const Inference& load_engine() {
  // Where LibTorch looks for what the processor can do, and without which it does nothing.
  constexpr const char* kProcessor = "/proc/cpuinfo";
  if (::access(kProcessor, R_OK) != 0) {
    throw Error(ErrorKind::no_input, {.file = kProcessor,
                                      .found = "cannot be read, and LibTorch runs no network "
                                               "without it: " +
                                               system_message(errno),
                                      .hint = "mounting /proc"});
  }
  // What LibTorch and its libraries map before they do anything.
  constexpr std::size_t kRoom = std::size_t{512} << 20;
  using Entry = const Inference* (*)();
  return *reinterpret_cast<Entry>(load_part("balse_inference", kRoom))();
}

}  // namespace

const Inference& inference() {
  static const Inference& loaded = load_engine();
  return loaded;
}

}  // namespace balse
