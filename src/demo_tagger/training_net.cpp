#include "training_net.hpp"

#include <string>
#include <torch/nn/functional/activation.h>
#include <torch/nn/functional/pooling.h>
#include <torch/nn/init.h>

namespace balse {
namespace {

/// Channels after each layer but the last. Illustration2Vec's are 64 to 1024.
constexpr std::array<std::uint32_t, 11> kWidths = {8, 16, 24, 24, 32, 32, 48, 48, 64, 64, 64};

/// Pixels minus their mean are this large; the first layer's weights are that much smaller, or the
/// optimizer's steps would be small against nothing but them.
constexpr double kInputScale = 70.0;

std::vector<float> values_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().to(torch::kFloat32).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

}  // namespace

TrainingNet::TrainingNet(std::uint32_t outputs) {
  std::uint32_t inputs = 3;
  for (std::size_t k = 0; k < kIllustration2VecLayers.size(); ++k) {
    const bool last = k == kWidths.size();
    const std::uint32_t width = last ? outputs : kWidths[k];
    const std::string name(kIllustration2VecLayers[k].name);
    convolutions_.emplace_back(register_module(
        name, torch::nn::Conv2d(torch::nn::Conv2dOptions(inputs, width, 3).padding(1).bias(last))));
    torch::nn::init::kaiming_normal_(convolutions_[k]->weight, 0.0, torch::kFanIn, torch::kReLU);
    if (last) {
      torch::nn::init::constant_(convolutions_[k]->bias, -1.0);  // most tags are rare
    } else {
      norms_.emplace_back(register_module(name + "_norm", torch::nn::BatchNorm2d(width)));
    }
    inputs = width;
  }
}

torch::Tensor TrainingNet::forward(const torch::Tensor& images) {
  torch::Tensor x = images / kInputScale;
  for (std::size_t k = 0; k < convolutions_.size(); ++k) {
    x = convolutions_[k]->forward(x);
    if (k < norms_.size()) {
      x = torch::relu(norms_[k]->forward(x));
    }
    if (kIllustration2VecLayers[k].pool_after) {
      x = torch::max_pool2d(x, 2);
    }
  }
  return x.mean({2, 3});
}

Illustration2VecWeights TrainingNet::folded() const {
  const torch::NoGradGuard no_gradients;
  Illustration2VecWeights weights;
  for (std::size_t k = 0; k < convolutions_.size(); ++k) {
    torch::Tensor kernel = convolutions_[k]->weight.to(torch::kFloat64);
    torch::Tensor bias;
    if (k == 0) {
      kernel = kernel / kInputScale;
    }
    if (k < norms_.size()) {
      const auto& norm = norms_[k];
      const torch::Tensor scale =
          norm->weight.to(torch::kFloat64) /
          torch::sqrt(norm->running_var.to(torch::kFloat64) + norm->options.eps());
      kernel = kernel * scale.view({-1, 1, 1, 1});
      bias = norm->bias.to(torch::kFloat64) - norm->running_mean.to(torch::kFloat64) * scale;
    } else {
      bias = convolutions_[k]->bias;
    }
    weights.layers.push_back({.outputs = static_cast<std::uint32_t>(kernel.size(0)),
                              .inputs = static_cast<std::uint32_t>(kernel.size(1)),
                              .weights = values_of(kernel),
                              .biases = values_of(bias)});
  }
  return weights;
}

}  // namespace balse
