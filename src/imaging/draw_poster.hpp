#pragma once

#include <string>

#include "balse/synthesis/poster_scene.hpp"

namespace balse {

/// PosterPainter::draw_poster().
std::string draw_poster(const PosterScene& scene);

}  // namespace balse
