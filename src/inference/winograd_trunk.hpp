#pragma once

#include <cstddef>
#include <memory>

#include "balse/tagging/illustration2vec.hpp"

namespace balse {

/// The layers of Illustration2Vec in front, where its pictures are large: 80% of its arithmetic and
/// 20% of its weights. Winograd's convolution F(4 x 4, 3 x 3) (Lavin and Gray 2016) does them with
/// a quarter of the multiplications. LibTorch never chooses it, so these layers go to oneDNN, which
/// LibTorch runs on as well, directly; the small rest stays with LibTorch. The layers' outputs stay
/// in oneDNN's own layout in between, and two buffers take turns in holding them.
class WinogradTrunk {
 public:
  /// Layers 0 .. kLayers - 1, and the pooling after them: 224 x 224 becomes 7 x 7.
  static constexpr std::size_t kLayers = 8;

  /// Nothing where oneDNN has no Winograd for this processor (AVX-512) or for these widths;
  /// otherwise the trunk, in which the weights of its layers are, and no longer in `weights`.
  /// Rounding differs from the plain convolution's by about 2e-6 of a probability.
  static std::unique_ptr<WinogradTrunk> make(Illustration2VecWeights& weights);

  virtual ~WinogradTrunk() = default;

  /// `inputs`: count x 3 x 224 x 224. `outputs`: count x channels() x 7 x 7.
  virtual void run(const float* inputs, std::size_t count, float* outputs) = 0;
  virtual std::size_t channels() const = 0;
};

}  // namespace balse
