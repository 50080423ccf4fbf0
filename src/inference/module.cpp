// The module's one way in; see balse/tagging/network.hpp.

#include <utility>

#include "balse/tagging/network.hpp"

#include "illustration2vec_network.hpp"
#include "runtime.hpp"
#include "torchscript_network.hpp"

namespace balse {
namespace {

class LibtorchInference : public Inference {
 public:
  std::unique_ptr<Network> illustration2vec(Illustration2VecWeights weights,
                                            const NetworkOptions& options) const override {
    return make_illustration2vec_network(std::move(weights), options);
  }

  void warm_up(const NetworkOptions& options) const override { warm_up_runtime(options); }

  std::unique_ptr<Network> torchscript(const std::string& path, const InputSpec& input,
                                       Activation activation,
                                       const NetworkOptions& options) const override {
    return make_torchscript_network(path, input, activation, options);
  }
};

}  // namespace
}  // namespace balse

extern "C" __attribute__((visibility("default"))) const balse::Inference* balse_inference() {
  static const balse::LibtorchInference kInference;
  return &kInference;
}
