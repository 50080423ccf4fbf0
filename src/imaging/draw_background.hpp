#pragma once

#include "brush.hpp"

namespace balse {

/// Fills the picture: sky, moon, stars, clouds, and a city or trees at the horizon.
void draw_background(cv::Mat& picture, const PosterScene& scene, cv::RNG& random);

}  // namespace balse
