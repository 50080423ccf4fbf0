#pragma once

#include <cstddef>
#include <vector>

namespace balse {

/// Memory of its own for something large, at the beginning of a large page of the system where it
/// has such: what is read here and there in tens of megabytes otherwise waits for the table of
/// pages as long as for the numbers. Throws std::bad_alloc.
void* allocate_large_pages(std::size_t bytes);
void free_large_pages(void* memory, std::size_t bytes);

/// What fills some large pages begins on one, what is smaller on a cache line.
template <typename T>
struct LargePageAllocator {
  using value_type = T;

  LargePageAllocator() = default;
  template <typename U>
  explicit LargePageAllocator(const LargePageAllocator<U>& /*other*/) {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(allocate_large_pages(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) { free_large_pages(memory, count * sizeof(T)); }

  bool operator==(const LargePageAllocator& /*other*/) const { return true; }
};

/// For numbers that many random rows are read of.
using LargeVector = std::vector<double, LargePageAllocator<double>>;

}  // namespace balse
