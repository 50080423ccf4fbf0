#include "balse/tagging/network.hpp"

#include "tagging/part.hpp"

namespace balse {

const Inference& inference() {
  // What LibTorch and its libraries map before they do anything.
  constexpr std::size_t kRoom = std::size_t{512} << 20;
  using Entry = const Inference* (*)();
  static const Inference& loaded = *reinterpret_cast<Entry>(load_part("balse_inference", kRoom))();
  return loaded;
}

}  // namespace balse
