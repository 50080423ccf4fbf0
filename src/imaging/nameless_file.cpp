#include "nameless_file.hpp"

#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>

#include "balse/support/error.hpp"
#include "balse/support/system_calls.hpp"

#include "image_file.hpp"

namespace balse {

NamelessFile::NamelessFile(std::span<const std::byte> bytes)
    : descriptor_(::memfd_create("picture", MFD_CLOEXEC)) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const bool written = descriptor_ >= 0 && write_all(descriptor_, text);
  if (!written || ::access(path().c_str(), R_OK) != 0) {
    const std::string problem = system_message(errno);
    ::close(descriptor_);
    fail_image("a picture in a format that is read by way of /proc: " + problem,
               "converting it to PNG");
  }
}

NamelessFile::~NamelessFile() {
  ::close(descriptor_);
}

std::string NamelessFile::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

}  // namespace balse
