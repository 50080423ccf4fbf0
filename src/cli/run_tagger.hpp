#pragma once

#include <vector>

#include "balse/tagging/poster_list.hpp"
#include "balse/tagging/tag_posters.hpp"

#include "tagger_options.hpp"

namespace balse::cli {

/// Runs a tagger on posters. A process of its own is made of this one, so call it
/// before there are other threads. Loads LibTorch and OpenCV; neither where there are no posters.
void run_tagger(const Tagger& tagger, const std::vector<Poster>& posters, int decoders,
                PosterSink& sink);

}  // namespace balse::cli
