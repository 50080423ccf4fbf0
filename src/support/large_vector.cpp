#include "balse/support/large_vector.hpp"

#include <cstdint>
#include <new>
#include <sys/mman.h>

namespace balse {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;
constexpr std::size_t kLeastLarge = 2 * kLargePage;
constexpr std::align_val_t kCacheLine{64};

std::size_t whole_pages(std::size_t bytes) {
  return (bytes + kLargePage - 1) / kLargePage * kLargePage;
}

}  // namespace

// Not from the heap, whose memory has been in small pages before.
void* allocate_large_pages(std::size_t bytes) {
  if (bytes < kLeastLarge) {
    return ::operator new(bytes, kCacheLine);
  }
  const std::size_t size = whole_pages(bytes);
  void* const mapped =
      mmap(nullptr, size + kLargePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) {
    throw std::bad_alloc();
  }
  auto* const first = static_cast<std::byte*>(mapped);
  const std::size_t before =
      (kLargePage - reinterpret_cast<std::uintptr_t>(first) % kLargePage) % kLargePage;
  if (before > 0) {
    munmap(first, before);
  }
  munmap(first + before + size, kLargePage - before);
  madvise(first + before, size, MADV_HUGEPAGE);  // a wish: without it everything works
  return first + before;
}

void free_large_pages(void* memory, std::size_t bytes) {
  if (bytes < kLeastLarge) {
    ::operator delete(memory, kCacheLine);
  } else {
    munmap(memory, whole_pages(bytes));
  }
}

}  // namespace balse
