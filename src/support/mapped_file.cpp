#include "balse/support/mapped_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/system_calls.hpp"

namespace balse {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) {
      ::close(number);
    }
  }
};

}  // namespace

MappedFile::MappedFile(std::string path) : path_(std::move(path)) {
  // Not blocking: a named pipe without a writer would hang here instead of being refused below.
  const Descriptor file{
      uninterrupted([&] { return ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); })};
  if (file.number < 0) {
    const int error_number = errno;
    throw Error(kind_of_failure(error_number, ErrorKind::no_input),
                {.file = path_, .found = "cannot be opened: " + system_message(error_number)});
  }
  struct stat status = {};
  if (::fstat(file.number, &status) != 0 || !S_ISREG(status.st_mode)) {
    throw Error(ErrorKind::no_input,
                {.file = path_, .found = "is not a regular file, so it cannot be mapped"});
  }
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) {
    return;  // nothing to map; mmap refuses a length of 0
  }
  void* const at = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (at == MAP_FAILED) {
    const int error_number = errno;
    throw Error(kind_of_failure(error_number, ErrorKind::io),
                {.file = path_, .found = "cannot be mapped: " + system_message(error_number)});
  }
  data_ = static_cast<const std::byte*>(at);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

MappedFile::~MappedFile() {
  if (data_ != nullptr) {
    ::munmap(const_cast<std::byte*>(data_), size_);
  }
}

}  // namespace balse
