#include "caching_allocator.hpp"

#include <c10/core/Allocator.h>
#include <cstddef>
#include <cstdlib>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

namespace balse {
namespace {

constexpr std::size_t kAlignment = 64;
/// What malloc keeps by itself.
constexpr std::size_t kSmall = std::size_t{64} << 10;
/// Of blocks that wait to be used again: a full-size network has fewer in a batch of 16.
constexpr std::size_t kKeep = std::size_t{768} << 20;

class CachingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t size) const override {
    void* const block = size == 0 ? nullptr : instance().take(size);
    return {block, block, &give_back, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

  static CachingAllocator& instance() {
    // Never destroyed: tensors of static objects come back after everything else.
    static auto* const kInstance = new CachingAllocator;
    return *kInstance;
  }

 private:
  struct Kept {
    void* block;
    std::size_t size;
  };
  using Order = std::list<Kept>;

  static void give_back(void* block) {
    if (block != nullptr) {
      instance().keep(block);
    }
  }

  void* take(std::size_t size) {
    const std::size_t rounded = (size + kAlignment - 1) / kAlignment * kAlignment;
    TORCH_CHECK(rounded >= size, "there is not enough memory for ", size, " bytes");
    if (rounded >= kSmall) {
      const std::lock_guard lock(mutex_);
      // Not one far too large, which somebody else will want.
      const auto found = by_size_.lower_bound(rounded);
      if (found != by_size_.end() && found->first <= rounded + rounded / 4) {
        const Kept kept = *found->second;
        forget(found);
        in_use_.emplace(kept.block, kept.size);
        return kept.block;
      }
    }
    void* block = std::aligned_alloc(kAlignment, rounded);
    if (block == nullptr) {
      drop_all();
      block = std::aligned_alloc(kAlignment, rounded);
    }
    TORCH_CHECK(block != nullptr, "there is not enough memory for ", size, " bytes");
    if (rounded >= kSmall) {
      const std::lock_guard lock(mutex_);
      in_use_.emplace(block, rounded);
    }
    return block;
  }

  void keep(void* block) {
    const std::lock_guard lock(mutex_);
    const auto found = in_use_.find(block);
    if (found == in_use_.end()) {
      std::free(block);
      return;
    }
    const std::size_t size = found->second;
    in_use_.erase(found);
    oldest_first_.push_back({block, size});
    by_size_.emplace(size, std::prev(oldest_first_.end()));
    kept_ += size;
    while (kept_ > kKeep) {
      drop_oldest();
    }
  }

  void drop_all() {
    const std::lock_guard lock(mutex_);
    while (!oldest_first_.empty()) {
      drop_oldest();
    }
  }

  void drop_oldest() {
    const auto first = oldest_first_.begin();
    void* const block = first->block;
    auto found = by_size_.lower_bound(first->size);
    while (found->second != first) {
      ++found;
    }
    forget(found);
    std::free(block);
  }

  void forget(std::multimap<std::size_t, Order::iterator>::iterator which) {
    kept_ -= which->first;
    oldest_first_.erase(which->second);
    by_size_.erase(which);
  }

  std::mutex mutex_;
  std::unordered_map<void*, std::size_t> in_use_;  // of at least kSmall
  Order oldest_first_;
  std::multimap<std::size_t, Order::iterator> by_size_;
  std::size_t kept_ = 0;
};

}  // namespace

void cache_tensor_memory() {
  // More than LibTorch's own, whatever sets an allocator by priority.
  c10::SetAllocator(c10::DeviceType::CPU, &CachingAllocator::instance(), 1);
}

}  // namespace balse
