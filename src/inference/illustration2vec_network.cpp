#include "illustration2vec_network.hpp"

#include <exception>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "balse/support/error.hpp"

#include "runtime.hpp"
#include "torch_failure.hpp"
#include "torch_network.hpp"
#include "winograd_trunk.hpp"

namespace balse {
namespace {

constexpr std::int64_t kPictureSide = 224;

/// The trunk reckons with eight pictures whatever there are: fewer than this are faster without.
constexpr std::size_t kFewestForTrunk = 5;

/// Nothing is wrong with our own network: where it does not run, the machine has not enough left.
template <typename Action>
auto attempt(const Action& action) {
  try {
    return action();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorKind::out_of_resources,
                {.found = "the network does not run here (LibTorch: " + torch_failure(error) + ")",
                 .hint = "more memory (ulimit -v), or a smaller --batch"});
  }
}

/// A tensor instead of the vector.
torch::Tensor take_tensor(std::vector<float>& values, const std::vector<std::int64_t>& shape) {
  torch::Tensor tensor = torch::from_blob(values.data(), shape, torch::kFloat32).clone();
  std::vector<float>().swap(values);
  return tensor;
}

/// The topology from layer `first` on as TorchScript; with `features`, what the last layer sees,
/// averaged over the picture, follows the tags.
torch::jit::Module script(Illustration2VecWeights& weights, std::size_t first, bool features) {
  torch::jit::Module module("illustration2vec");
  std::string source = "def forward(self, x):\n";
  for (std::size_t k = first; k < weights.layers.size(); ++k) {
    ConvolutionWeights& layer = weights.layers[k];
    const std::string name(kIllustration2VecLayers[k].name);
    module.register_parameter(
        name + "_weight", take_tensor(layer.weights, {layer.outputs, layer.inputs, 3, 3}), false);
    module.register_parameter(name + "_bias", take_tensor(layer.biases, {layer.outputs}), false);
    if (k + 1 == weights.layers.size()) {
      source += "    hidden = x\n";
    }
    source.append("    x = torch.conv2d(x, self.").append(name).append("_weight, self.");
    source.append(name).append("_bias, [1, 1], [1, 1], [1, 1], 1)\n");
    if (k + 1 < weights.layers.size()) {
      source += "    x = torch.relu(x)\n";
    }
    if (kIllustration2VecLayers[k].pool_after) {
      source += "    x = torch.max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], False)\n";
    }
  }
  source += "    tags = torch.sigmoid(torch.mean(x, [2, 3]))\n";
  source += features ? "    return torch.cat([tags, torch.mean(hidden, [2, 3])], 1)\n"
                     : "    return tags\n";
  module.define(source);
  return module;
}

/// All of it by LibTorch.
class PlainNetwork final : public Network {
 public:
  PlainNetwork(Illustration2VecWeights& weights, const NetworkOptions& options)
      : outputs_(weights.outputs()),
        module_(script(weights, 0, options.features), {3, kPictureSide, kPictureSide},
                Activation::none, options) {}

  std::size_t outputs() override { return outputs_; }
  std::size_t features() override { return module_.outputs() - outputs_; }
  void run(std::span<const float> inputs, std::size_t count, std::span<float> results) override {
    attempt([&] { module_.run(inputs.data(), count, results); });
  }

 private:
  std::size_t outputs_;
  TorchModule module_;
};

/// The front by oneDNN's Winograd convolutions, the rest by LibTorch.
class TrunkedNetwork final : public Network {
 public:
  TrunkedNetwork(std::unique_ptr<WinogradTrunk> trunk, Illustration2VecWeights& weights,
                 const NetworkOptions& options)
      : outputs_(weights.outputs()),
        trunk_(std::move(trunk)),
        shape_{static_cast<std::int64_t>(trunk_->channels()), kPictureSide / 32, kPictureSide / 32},
        module_(script(weights, WinogradTrunk::kLayers, options.features), shape_, Activation::none,
                options) {}

  std::size_t outputs() override { return outputs_; }
  std::size_t features() override { return module_.outputs() - outputs_; }
  void run(std::span<const float> inputs, std::size_t count, std::span<float> results) override {
    between_.resize(count * static_cast<std::size_t>(shape_.values()));
    attempt([&] {
      trunk_->run(inputs.data(), count, between_.data());
      module_.run(between_.data(), count, results);
    });
  }

 private:
  std::size_t outputs_;
  std::unique_ptr<WinogradTrunk> trunk_;
  TensorShape shape_;
  TorchModule module_;
  std::vector<float> between_;
};

}  // namespace

std::unique_ptr<Network> make_illustration2vec_network(Illustration2VecWeights weights,
                                                       const NetworkOptions& options) {
  prepare_runtime(options);
  return attempt([&]() -> std::unique_ptr<Network> {
    if (options.device == Device::cpu && options.precision == Precision::float32 &&
        options.winograd && options.batch >= kFewestForTrunk) {
      if (auto trunk = WinogradTrunk::make(weights)) {
        return std::make_unique<TrunkedNetwork>(std::move(trunk), weights, options);
      }
    }
    return std::make_unique<PlainNetwork>(weights, options);
  });
}

}  // namespace balse
