#pragma once

#include <cstdint>
#include <vector>

namespace balse {

/// Posters as a network sees them: drawn, encoded, decoded and prepared by what the program uses.
struct SceneBatch {
  std::vector<float> inputs;  ///< count x InputSpec{}.values()
  std::vector<float> truth;   ///< count x kPosterTags.size(), 0 or 1
};

/// The posters numbered `first` to `first + count - 1` of the stream of scenes seeded with `seed`.
SceneBatch draw_scenes(std::uint64_t seed, std::uint64_t first, std::size_t count, int threads);

}  // namespace balse
