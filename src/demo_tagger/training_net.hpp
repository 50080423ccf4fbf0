#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <vector>

#include "balse/tagging/illustration2vec.hpp"

namespace balse {

/// Illustration2Vec's topology, narrow, as it is trained: with batch normalization behind every
/// convolution but the last, because a plain net of this depth is slow to start. folded() is the
/// same function without it.
class TrainingNet : public torch::nn::Module {
 public:
  explicit TrainingNet(std::uint32_t outputs);

  /// N x 3 x 224 x 224 to logits, N x outputs.
  torch::Tensor forward(const torch::Tensor& images);

  /// What forward() computes in evaluation, as a net of the topology.
  Illustration2VecWeights folded() const;

 private:
  std::vector<torch::nn::Conv2d> convolutions_;
  std::vector<torch::nn::BatchNorm2d> norms_;
};

}  // namespace balse
