#include "torch_network.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace balse {

TorchModule::TorchModule(torch::jit::Module module, const TensorShape& input, Activation activation,
                         const NetworkOptions& options)
    : input_(input),
      activation_(activation),
      device_(options.device == Device::cuda ? torch::kCUDA : torch::kCPU),
      type_(options.precision == Precision::bfloat16 ? torch::kBFloat16 : torch::kFloat32) {
  const torch::NoGradGuard no_gradients;
  module.eval();
  module.to(device_);
  module.to(type_);
  module_ = torch::jit::freeze(module);
  if (device_ == torch::kCPU && type_ == torch::kFloat32) {
    // Convolutions to oneDNN in its blocked layout, weights packed once, ReLU fused in.
    module_ = torch::jit::optimize_for_inference(module_);
  }
  const std::vector<float> blank(static_cast<std::size_t>(input_.values()));
  outputs_ = forward(blank.data(), 1).size(1);
  TORCH_CHECK(outputs_ > 0, "the network has no outputs");
}

void TorchModule::run(const float* inputs, std::size_t count, std::span<float> probabilities) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor result = forward(inputs, static_cast<std::int64_t>(count));
  TORCH_CHECK(result.size(1) == outputs_, "the network's number of outputs changes");
  std::copy_n(result.data_ptr<float>(), result.numel(), probabilities.data());
}

torch::Tensor TorchModule::forward(const float* inputs, std::int64_t count) {
  // Only read; from_blob() has no way to say so.
  torch::Tensor batch =
      torch::from_blob(const_cast<float*>(inputs),
                       {count, input_.channels, input_.height, input_.width}, torch::kFloat32);
  if (device_ != torch::kCPU || type_ != torch::kFloat32) {
    batch = batch.to(device_, type_).contiguous(torch::MemoryFormat::ChannelsLast);
  }
  torch::Tensor result =
      module_.forward({batch}).toTensor().to(torch::kCPU, torch::kFloat32).contiguous();
  TORCH_CHECK(result.dim() == 2 && result.size(0) == count,
              "the network's output is no matrix of images x tags");
  switch (activation_) {
    case Activation::none:
      return result;
    case Activation::sigmoid:
      return result.sigmoid();
    case Activation::softmax:
      return result.softmax(1);
  }
  return result;
}

}  // namespace balse
