#include "balse/support/module.hpp"

#include <dlfcn.h>
#include <filesystem>

#include "balse/support/error.hpp"

#include "support/executable_path.hpp"

namespace balse {
namespace {

[[noreturn]] void fail(const std::string& path) {
  const char* const reason = ::dlerror();  // NOLINT(concurrency-mt-unsafe): its own per thread
  throw Error(ErrorKind::no_input,
              {.file = path,
               .found = std::string("this part of balse cannot be loaded: ") +
                        (reason != nullptr ? reason : "no reason given"),
               .hint = "installing balse again, with the libraries its package names"});
}

}  // namespace

std::string module_folder() {
  const std::filesystem::path executable = executable_path();
  return executable.empty() ? std::string()
                            : (executable.parent_path().parent_path() / "lib" / "balse").string();
}

void* load_module(const std::string& name, const char* entry) {
  const std::string folder = module_folder();
  if (folder.empty()) {  // a relative path would load whatever lies in the current folder
    throw Error(ErrorKind::no_input,
                {.found = "this part of balse cannot be found, because nothing tells where the "
                          "program is: " +
                          name,
                 .hint = "mounting /proc, or calling balse by its whole path"});
  }
  const std::string path = folder + "/" + name + ".so";
  void* const module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    fail(path);
  }
  void* const address = ::dlsym(module, entry);
  if (address == nullptr) {
    fail(path);
  }
  return address;
}

}  // namespace balse
