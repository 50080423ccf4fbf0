#include "brush.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace balse {
namespace {

/// OpenCV takes coordinates with this many binary places.
constexpr int kPlaces = 4;

/// Catmull-Rom through the points.
Points smooth(const Points& points, bool closed) {
  constexpr int kSteps = 6;
  const auto count = static_cast<std::ptrdiff_t>(points.size());
  const auto at = [&](std::ptrdiff_t k) {
    return points[static_cast<std::size_t>(closed ? (k + count) % count
                                                  : std::clamp(k, std::ptrdiff_t{0}, count - 1))];
  };
  Points curve;
  for (std::ptrdiff_t k = 0; k < (closed ? count : count - 1); ++k) {
    const cv::Point2f a = at(k - 1);
    const cv::Point2f b = at(k);
    const cv::Point2f c = at(k + 1);
    const cv::Point2f d = at(k + 2);
    for (int step = 0; step < kSteps; ++step) {
      const float t = static_cast<float>(step) / kSteps;
      curve.push_back(0.5F *
                      (2.0F * b + t * (c - a) + t * t * (2.0F * a - 5.0F * b + 4.0F * c - d) +
                       t * t * t * (3.0F * b - a - 3.0F * c + d)));
    }
  }
  if (!closed) {
    curve.push_back(points.back());
  }
  return curve;
}

Points around(cv::Point2f centre, float across, float down) {
  constexpr int kCorners = 28;
  Points points;
  for (int k = 0; k < kCorners; ++k) {
    const float turn = 6.2831853F * static_cast<float>(k) / kCorners;
    points.emplace_back(centre.x + across * std::cos(turn), centre.y + down * std::sin(turn));
  }
  return points;
}

}  // namespace

Colour colour_of(const Tint& tint) {
  const auto channel = [&](float offset) {
    const float k = std::fmod(offset + tint.hue * 6.0F, 6.0F);
    const float dip = std::clamp(std::min(k, 4.0F - k), 0.0F, 1.0F);
    return 255.0F * tint.value * (1.0F - tint.saturation * dip);
  };
  return {channel(1.0F), channel(3.0F), channel(5.0F)};
}

Colour mixed(const Colour& a, const Colour& b, double share) {
  return a * (1.0 - share) + b * share;
}

Colour darker(const Colour& colour, double share) {
  return mixed(colour, {40, 20, 30}, share);
}

Colour lighter(const Colour& colour, double share) {
  return mixed(colour, {255, 255, 255}, share);
}

Points mirrored(const Points& right) {
  Points outline = right;
  for (std::size_t k = right.size(); k-- > 0;) {
    if (right[k].x != 0.0F) {
      outline.emplace_back(-right[k].x, right[k].y);
    }
  }
  return outline;
}

Brush::Brush(cv::Mat& picture, cv::Point2f origin, float unit, float angle)
    : picture_(&picture),
      origin_(origin),
      unit_(unit),
      cosine_(std::cos(angle)),
      sine_(std::sin(angle)) {}

Brush Brush::turned(float angle) const {
  return {*picture_, origin_, unit_, angle};
}

void Brush::polygon(const Points& corners, const Colour& colour) const {
  fill(corners, colour);
}

void Brush::plate(const Points& corners, const Colour& colour) const {
  fill(corners, colour);
  stroke(corners, true, 1, darker(colour));
}

void Brush::shape(const Points& points, const Colour& colour) const {
  plate(smooth(points, true), colour);
}

void Brush::area(const Points& points, const Colour& colour) const {
  fill(smooth(points, true), colour);
}

void Brush::line(const Points& points, float width, const Colour& colour) const {
  stroke(smooth(points, false), false, std::max(1, static_cast<int>(std::lround(width * unit_))),
         colour);
}

void Brush::ellipse(cv::Point2f centre, float across, float down, const Colour& colour,
                    bool outline) const {
  const Points points = around(centre, across, down);
  fill(points, colour);
  if (outline) {
    stroke(points, true, 1, darker(colour));
  }
}

void Brush::ring(cv::Point2f centre, float across, float down, float width,
                 const Colour& colour) const {
  stroke(around(centre, across, down), true,
         std::max(1, static_cast<int>(std::lround(width * unit_))), colour);
}

void Brush::fill(const Points& outline, const Colour& colour) const {
  cv::fillPoly(*picture_, std::vector<std::vector<cv::Point>>{pixels(outline)}, colour, cv::LINE_AA,
               kPlaces);
}

void Brush::stroke(const Points& points, bool closed, int width, const Colour& colour) const {
  cv::polylines(*picture_, std::vector<std::vector<cv::Point>>{pixels(points)}, closed, colour,
                width, cv::LINE_AA, kPlaces);
}

std::vector<cv::Point> Brush::pixels(const Points& points) const {
  std::vector<cv::Point> result;
  result.reserve(points.size());
  for (const cv::Point2f& point : points) {
    const float x = origin_.x + unit_ * (cosine_ * point.x - sine_ * point.y);
    const float y = origin_.y + unit_ * (sine_ * point.x + cosine_ * point.y);
    result.emplace_back(std::lround(x * (1 << kPlaces)), std::lround(y * (1 << kPlaces)));
  }
  return result;
}

}  // namespace balse
