#include "balse/tagging/network.hpp"

#include "balse/support/module.hpp"

namespace balse {

const Inference& inference() {
  using Entry = const Inference* (*)();
  static const Inference& loaded =
      *reinterpret_cast<Entry>(load_module("balse_inference", "balse_inference"))();
  return loaded;
}

}  // namespace balse
