#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <torch/script.h>

#include "balse/tagging/network.hpp"

namespace balse {

/// What a network's layers see of one picture.
struct TensorShape {
  std::int64_t channels = 3;
  std::int64_t height = 0;
  std::int64_t width = 0;

  std::int64_t values() const { return channels * height * width; }
};

/// A TorchScript module that maps N x channels x height x width to N x outputs, prepared for this
/// machine: on the device, frozen, and on a processor handed to oneDNN with prepacked weights.
/// Throws c10::Error where the module cannot be run, and what the module itself throws.
class TorchModule {
 public:
  /// Tries the module on one picture at once, to learn the number of outputs.
  TorchModule(torch::jit::Module module, const TensorShape& input, Activation activation,
              const NetworkOptions& options);

  std::size_t outputs() const { return static_cast<std::size_t>(outputs_); }
  void run(const float* inputs, std::size_t count, std::span<float> probabilities);

 private:
  torch::Tensor forward(const float* inputs, std::int64_t count);

  TensorShape input_;
  Activation activation_;
  torch::Device device_;
  torch::ScalarType type_;
  torch::jit::Module module_;
  std::int64_t outputs_ = 0;
};

}  // namespace balse
