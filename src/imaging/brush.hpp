#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "balse/synthesis/poster_scene.hpp"

namespace balse {

using Points = std::vector<cv::Point2f>;
using Colour = cv::Scalar;  // blue, green, red; 0 .. 255

Colour colour_of(const Tint& tint);
/// `share` 0 is `a`, 1 is `b`.
Colour mixed(const Colour& a, const Colour& b, double share);
/// What outlines and shadows of this colour are drawn in.
Colour darker(const Colour& colour, double share = 0.45);
Colour lighter(const Colour& colour, double share = 0.35);

/// The points on the right half of a symmetric outline, from top to bottom, and their mirror
/// images, as one closed outline.
Points mirrored(const Points& right);

/// Draws into a picture in coordinates of its own: y down, `unit` pixels long, turned about the
/// origin. All edges are anti-aliased.
class Brush {
 public:
  Brush(cv::Mat& picture, cv::Point2f origin, float unit, float angle = 0.0F);

  /// The same, turned by another angle.
  Brush turned(float angle) const;

  void polygon(const Points& corners, const Colour& colour) const;
  /// A polygon with an outline.
  void plate(const Points& corners, const Colour& colour) const;
  /// The area within a smooth curve through the points, with an outline.
  void shape(const Points& points, const Colour& colour) const;
  /// The same without one.
  void area(const Points& points, const Colour& colour) const;
  /// A smooth open curve through the points, `width` units wide.
  void line(const Points& points, float width, const Colour& colour) const;
  void ellipse(cv::Point2f centre, float across, float down, const Colour& colour,
               bool outline = false) const;
  void ring(cv::Point2f centre, float across, float down, float width, const Colour& colour) const;

 private:
  void fill(const Points& outline, const Colour& colour) const;
  void stroke(const Points& points, bool closed, int width, const Colour& colour) const;
  std::vector<cv::Point> pixels(const Points& points) const;

  cv::Mat* picture_;
  cv::Point2f origin_;
  float unit_;
  float cosine_;
  float sine_;
};

}  // namespace balse
