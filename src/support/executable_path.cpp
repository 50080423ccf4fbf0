#include "support/executable_path.hpp"

#include <filesystem>
#include <sys/auxv.h>
#include <system_error>

namespace balse {

std::string executable_path(const std::string& link) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path path = fs::read_symlink(link, error);
  if (error || !path.is_absolute()) {
    // The program never changes its folder, so what is relative is so to this one.
    // NOLINTNEXTLINE(performance-no-int-to-ptr): so the kernel hands addresses over
    const auto* const started = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
    path = started != nullptr ? fs::canonical(started, error) : fs::path();
  }
  return error ? "" : path.string();
}

}  // namespace balse
