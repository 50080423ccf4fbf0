#include "tagging/part.hpp"

#include <algorithm>
#include <iterator>
#include <new>
#include <sys/mman.h>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/module.hpp"

namespace balse {
namespace {

[[noreturn]] void fail_for_want(std::string found) {
  throw Error(ErrorKind::out_of_resources,
              {.found = std::move(found), .hint = "more memory (ulimit -v)"});
}

/// What the dynamic linker says where there is nothing wrong with the file.
bool names_memory(const std::string& problem) {
  constexpr const char* kWords[] = {"annot allocate",      "failed to map",
                                    "annot map zero-fill", "annot create shared object descriptor",
                                    "ut of memory",        "annot change memory protections"};
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](const char* words) { return problem.find(words) != std::string::npos; });
}

}  // namespace

void* load_part(const std::string& name, std::size_t room) {
  void* const place =
      ::mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place == MAP_FAILED) {
    fail_for_want("less than the " + std::to_string(room >> 20) +
                  " MB of address space left that " + name + " needs");
  }
  ::munmap(place, room);
  try {
    return load_module(name, name.c_str());
  } catch (const std::bad_alloc&) {
    fail_for_want("not enough memory left for " + name);
  } catch (const Error& error) {
    if (names_memory(error.parts().found)) {
      fail_for_want("not enough memory left for " + name + ": " + error.parts().found);
    }
    throw;
  }
}

}  // namespace balse
