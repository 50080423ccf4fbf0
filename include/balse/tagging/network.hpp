#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "balse/tagging/illustration2vec.hpp"
#include "balse/tagging/preprocessing.hpp"

namespace balse {

enum class Device { cpu, cuda };
enum class Precision { float32, bfloat16 };

/// What a network in a process of its own may take (balse/tagging/engine.hpp). Memory is of
/// TorchScript only.
struct EngineLimits {
  double start_seconds = 300.0;                   ///< for loading, and one picture
  double batch_seconds = 120.0;                   ///< and for each picture ten times what that took
  std::uint64_t memory = std::uint64_t{4} << 30;  ///< bytes, and 128 MB a picture of a batch
};

struct NetworkOptions {
  Device device = Device::cpu;
  Precision precision = Precision::float32;
  int threads = 1;  ///< of the network
  /// Of Illustration2Vec in float32 on a processor, in batches of five or more: a faster algorithm
  /// where the processor has AVX-512, which rounds otherwise (by 2e-6 of a probability).
  bool winograd = true;
  std::size_t batch = 16;  ///< pictures at once at most
  bool features = false;   ///< embeddings as well; of Illustration2Vec and ONNX
  /// Of TorchScript: shut in. Without, a script may do whatever this process may.
  bool confined = true;
  EngineLimits limits = {};
};

/// What turns the last layer of a TorchScript tagger into probabilities.
enum class Activation { none, sigmoid, softmax };

/// A tagger ready to run. Not for several threads at once.
class Network {
 public:
  virtual ~Network() = default;
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Tags.
  virtual std::size_t outputs() = 0;
  /// Numbers of a picture's embedding, the last hidden layer, pooled; 0 where nobody asked for it.
  virtual std::size_t features() { return 0; }

  /// `inputs`: `count` images as prepare_input() writes them, one after the other. `results`:
  /// count x (outputs() + features()), of each picture the probabilities of its tags and then its
  /// embedding.
  virtual void run(std::span<const float> inputs, std::size_t count, std::span<float> results) = 0;

  /// run() in two halves, so that there is something else to do meanwhile: a network of another
  /// process begins at once, any other when it is asked for the results. `inputs` must stay until
  /// finish(), which belongs to the last start().
  virtual void start(std::span<const float> inputs, std::size_t count) {
    started_ = inputs;
    started_count_ = count;
  }
  virtual void finish(std::span<float> results) { run(started_, started_count_, results); }

 private:
  std::span<const float> started_;
  std::size_t started_count_ = 0;
};

/// What LibTorch does for this program. It lives in a module of its own (src/inference), loaded by
/// the first call of inference(), because LibTorch takes up to a second to start.
class Inference {
 public:
  virtual ~Inference() = default;
  Inference() = default;
  Inference(const Inference&) = delete;
  Inference& operator=(const Inference&) = delete;

  /// `weights` must be valid; they are taken apart layer by layer, because there is no room for two
  /// copies. Throws Error(usage) where the device or precision is not to be had.
  virtual std::unique_ptr<Network> illustration2vec(Illustration2VecWeights weights,
                                                    const NetworkOptions& options) const = 0;

  /// Has LibTorch read and start whatever it needs, which torchscript() leaves no way to.
  virtual void warm_up(const NetworkOptions& options) const = 0;

  /// Any TorchScript tagger: N x 3 x height x width in, N x tags out. Throws Error(bad_data) for a
  /// file that is no TorchScript, or does not run on `input`. It is a program of whoever made it,
  /// so this shuts the whole process in for ever, see src/inference/confinement.hpp: use
  /// torchscript_engine(). Throws Error(usage) where it cannot, unless options.confined is false.
  virtual std::unique_ptr<Network> torchscript(const std::string& path, const InputSpec& input,
                                               Activation activation,
                                               const NetworkOptions& options) const = 0;
};

/// Throws Error(no_input) where the module cannot be loaded.
const Inference& inference();

}  // namespace balse
