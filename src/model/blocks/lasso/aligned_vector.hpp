#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace balse {

/// Starts every allocation on a cache line, so that the vector loads of the kernels never straddle
/// two.
template <typename T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t kLine{64};

  CacheLineAllocator() = default;
  template <typename U>
  explicit CacheLineAllocator(const CacheLineAllocator<U>& /*other*/) {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), kLine));
  }
  void deallocate(T* memory, std::size_t /*count*/) { ::operator delete(memory, kLine); }

  bool operator==(const CacheLineAllocator& /*other*/) const { return true; }
};

using AlignedVector = std::vector<double, CacheLineAllocator<double>>;

/// `count` rounded up to whole cache lines of doubles, an odd number of them: columns this far
/// apart do not fall into the same few cache sets.
constexpr std::size_t padded(std::size_t count) {
  return ((count + 7) / 8 | 1) * 8;
}

}  // namespace balse
