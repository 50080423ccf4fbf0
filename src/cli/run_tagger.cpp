#include "run_tagger.hpp"

#include <memory>
#include <span>

#include "balse/tagging/imaging.hpp"

namespace balse::cli {

void run_tagger(const Tagger& tagger, const std::vector<Poster>& posters, int decoders,
                PosterSink& sink) {
  if (posters.empty()) {
    return;
  }
  // Before there are threads: a process of its own is made of this one.
  const std::unique_ptr<Network> network = tagger.start();
  tag_posters(
      posters, {.input = tagger.description.input, .batch = tagger.batch, .decoders = decoders},
      [&](std::span<const std::byte> file) { return imaging().decode(file, tagger.decode); },
      [&]() -> Network& {
        tagger.check(*network);
        return *network;
      },
      sink);
}

}  // namespace balse::cli
