#include "scenes.hpp"

#include <span>
#include <string>

#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"
#include "balse/synthesis/poster_scene.hpp"
#include "balse/tagging/imaging.hpp"
#include "balse/tagging/poster_painter.hpp"
#include "balse/tagging/preprocessing.hpp"

namespace balse {

SceneBatch draw_scenes(std::uint64_t seed, std::uint64_t first, std::size_t count, int threads) {
  const InputSpec spec;
  const PosterPainter& painter = poster_painter();
  SceneBatch batch;
  batch.inputs.resize(count * spec.values());
  batch.truth.resize(count * kPosterTags.size());
  parallel_ranges(count, 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      const PosterScene scene = make_poster_scene(derive_seed(seed, first + k));
      const std::string file = painter.draw_poster(scene);
      const Image image = imaging().decode(std::as_bytes(std::span(file)));
      prepare_input(image, spec, std::span(batch.inputs).subspan(k * spec.values(), spec.values()));
      for (const std::uint32_t tag : poster_tags(scene)) {
        batch.truth[k * kPosterTags.size() + tag] = 1.0F;
      }
    }
  });
  return batch;
}

}  // namespace balse
