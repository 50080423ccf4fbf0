#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "balse/tagging/image.hpp"
#include "balse/tagging/network.hpp"
#include "balse/tagging/poster_list.hpp"
#include "balse/tagging/preprocessing.hpp"

namespace balse {

struct TagPostersOptions {
  InputSpec input;
  std::size_t batch = 16;  ///< posters a forward pass: more do not run faster, and take memory
  int decoders = 2;        ///< threads that read, decode and resize
};

/// Where the results go, in the order of the posters, from the thread that called tag_posters().
class PosterSink {
 public:
  virtual ~PosterSink() = default;
  PosterSink() = default;
  PosterSink(const PosterSink&) = delete;
  PosterSink& operator=(const PosterSink&) = delete;

  virtual void tagged(const Poster& poster, std::span<const float> probabilities) = 0;
  /// After that, where the network gives embeddings.
  virtual void embedded(const Poster& /*poster*/, std::span<const float> /*embedding*/) {}
  virtual void failed(const Poster& poster, const std::string& reason) = 0;
  /// After each batch: a good moment to write down what is done.
  virtual void batch_done() {}
};

/// Throws Error(bad_data) with the reason in `found`; called from several threads.
using Decode = std::function<Image(std::span<const std::byte> file)>;
/// Called once, when the first batch is decoded, while the next ones are being decoded; not at all
/// where no poster can be.
using MakeNetwork = std::function<Network&()>;

/// Runs all posters through the network: while it is busy with a batch, other threads read, decode
/// and resize the posters of the next two, and results of the one before are handed out. Posters
/// that cannot be read or decoded are reported to the sink and the others go on; anything that a
/// sink, a network or make_network throws ends the run and leaves it here, as does Error(bad_data)
/// where a network's answer is no probability.
void tag_posters(std::span<const Poster> posters, const TagPostersOptions& options,
                 const Decode& decode, const MakeNetwork& make_network, PosterSink& sink);

}  // namespace balse
