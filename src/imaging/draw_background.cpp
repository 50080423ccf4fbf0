#include "draw_background.hpp"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace balse {
namespace {

/// Shares of the picture's width and height, as coordinates of a brush.
cv::Point2f place(const cv::Mat& picture, float x, float y) {
  return {x * static_cast<float>(picture.cols), y * static_cast<float>(picture.rows)};
}

void fill_gradient(cv::Mat& picture, const Colour& above, const Colour& below) {
  for (int y = 0; y < picture.rows; ++y) {
    picture.row(y).setTo(mixed(above, below, static_cast<double>(y) / picture.rows));
  }
}

void draw_rays(cv::Mat& picture, const Colour& colour, cv::RNG& random) {
  const Brush brush(picture, place(picture, random.uniform(0.3F, 0.7F), 0.45F),
                    static_cast<float>(picture.rows), random.uniform(0.0F, 1.0F));
  for (int k = 0; k < 6; ++k) {
    const float turn = 6.2831853F * static_cast<float>(k) / 6.0F;
    brush.polygon({{0.0F, 0.0F},
                   {std::cos(turn), std::sin(turn)},
                   {std::cos(turn + 0.5F), std::sin(turn + 0.5F)}},
                  colour);
  }
}

void draw_stars(cv::Mat& picture, cv::RNG& random) {
  for (int k = 0; k < 45; ++k) {
    const float x = random.uniform(0.0F, 1.0F);
    const float y = random.uniform(0.0F, 0.75F);
    const Brush brush(picture, place(picture, x, y), 1.0F);
    const float size = random.uniform(0.6F, 1.5F);
    brush.ellipse({0.0F, 0.0F}, size, size, {220, 245, 250});
  }
}

void draw_moon(cv::Mat& picture, const Colour& sky, cv::RNG& random) {
  const float x = random.uniform(0.0F, 1.0F) < 0.5F ? random.uniform(0.12F, 0.22F)
                                                    : random.uniform(0.78F, 0.88F);
  const float y = random.uniform(0.09F, 0.17F);
  const Brush brush(picture, place(picture, x, y),
                    random.uniform(0.085F, 0.12F) * static_cast<float>(picture.cols));
  brush.ellipse({0.0F, 0.0F}, 1.25F, 1.25F, mixed(sky, {170, 230, 250}, 0.3));
  brush.ellipse({0.0F, 0.0F}, 1.0F, 1.0F, {170, 235, 252});
  if (random.uniform(0.0F, 1.0F) < 0.5F) {
    brush.ellipse({0.4F, -0.2F}, 0.8F, 0.8F, mixed(sky, {170, 230, 250}, 0.3));
  } else {
    brush.ellipse({-0.3F, 0.2F}, 0.22F, 0.2F, {140, 205, 228});
    brush.ellipse({0.35F, -0.3F}, 0.16F, 0.15F, {140, 205, 228});
  }
}

void draw_clouds(cv::Mat& picture, const Colour& colour, cv::RNG& random) {
  for (int k = 0; k < 4; ++k) {
    const float x = (static_cast<float>(k % 2) + random.uniform(0.15F, 0.85F)) / 2.0F;
    const float y = k < 2 ? random.uniform(0.05F, 0.18F) : random.uniform(0.25F, 0.5F);
    const Brush brush(picture, place(picture, x, y),
                      random.uniform(0.1F, 0.16F) * static_cast<float>(picture.cols));
    brush.ellipse({0.0F, 0.25F}, 1.5F, 0.36F, colour);
    brush.ellipse({-0.65F, 0.0F}, 0.5F, 0.42F, colour);
    brush.ellipse({0.05F, -0.2F}, 0.68F, 0.58F, colour);
    brush.ellipse({0.75F, 0.05F}, 0.45F, 0.38F, colour);
  }
}

void draw_windows(const Brush& brush, const cv::Rect2f& wall, const Colour& shade, bool night,
                  cv::RNG& random) {
  const Colour light = night ? Colour(110, 215, 250) : Colour(240, 225, 205);
  const int rows = static_cast<int>((wall.height - 0.06F) / 0.07F);
  const int columns = static_cast<int>((wall.width - 0.02F) / 0.045F);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const float x = wall.x + 0.022F + 0.045F * static_cast<float>(column);
      const float y = wall.y + 0.04F + 0.07F * static_cast<float>(row);
      const bool lit = random.uniform(0.0F, 1.0F) < 0.6F;
      brush.polygon({{x, y}, {x + 0.026F, y}, {x + 0.026F, y + 0.036F}, {x, y + 0.036F}},
                    lit ? light : darker(shade, 0.3));
    }
  }
}

void draw_city(cv::Mat& picture, bool night, cv::RNG& random) {
  const auto width = static_cast<float>(picture.cols);
  const Brush brush(picture, {0.0F, static_cast<float>(picture.rows)}, width);
  float x = -0.03F;
  while (x < 1.0F) {
    const float wide = random.uniform(0.12F, 0.19F);
    const float high = random.uniform(0.62F, 1.0F);
    const Colour wall = night ? Colour(75, 48, 50) : Colour(168, 148, 142);
    const Colour shade = mixed(wall, {210, 190, 175}, random.uniform(0.0, night ? 0.15 : 0.4));
    brush.plate({{x, 0.0F}, {x, -high}, {x + wide, -high}, {x + wide, 0.0F}}, shade);
    draw_windows(brush, {x, -high, wide, high}, shade, night, random);
    x += wide;
  }
}

void draw_trees(cv::Mat& picture, bool night, cv::RNG& random) {
  const Colour leaf = night ? Colour(70, 75, 32) : Colour(72, 150, 78);
  const Brush ground(picture, {0.0F, static_cast<float>(picture.rows)},
                     static_cast<float>(picture.cols));
  ground.area({{-0.1F, 0.1F},
               {-0.1F, -0.38F},
               {0.3F, -0.44F},
               {0.7F, -0.37F},
               {1.1F, -0.43F},
               {1.1F, 0.1F}},
              mixed(leaf, {110, 190, 150}, 0.4));
  const bool firs = random.uniform(0.0F, 1.0F) < 0.5F;
  for (const float x : {0.32F, 0.68F, 0.5F, 0.06F, 0.92F, 0.2F, 0.8F}) {
    const float at = x + random.uniform(-0.05F, 0.05F);
    const float foot = random.uniform(-0.36F, -0.28F);
    const Brush tree(picture,
                     {at * static_cast<float>(picture.cols),
                      static_cast<float>(picture.rows) + foot * static_cast<float>(picture.cols)},
                     random.uniform(0.12F, 0.16F) * static_cast<float>(picture.cols));
    const Colour crown = mixed(leaf, {60, 90, 40}, random.uniform(0.0, 0.5));
    tree.plate({{-0.14F, 0.1F}, {-0.1F, -1.4F}, {0.1F, -1.4F}, {0.14F, 0.1F}}, {55, 80, 115});
    if (firs) {
      for (const float y : {-0.6F, -1.4F, -2.2F}) {
        const float wide = 1.0F + 0.25F * (y + 0.6F);
        tree.plate({{-wide, y}, {0.0F, y - 1.5F}, {wide, y}}, crown);
      }
    } else {
      tree.ellipse({0.0F, -2.2F}, 0.95F, 1.1F, crown, true);
      tree.ellipse({-0.6F, -1.7F}, 0.6F, 0.6F, crown);
      tree.ellipse({0.6F, -1.7F}, 0.6F, 0.6F, crown);
      tree.ellipse({-0.25F, -2.5F}, 0.35F, 0.4F, lighter(crown, 0.15));
    }
  }
}

}  // namespace

void draw_background(cv::Mat& picture, const PosterScene& scene, cv::RNG& random) {
  const Colour own = colour_of(scene.background);
  const bool night = scene.sky == Sky::night;
  switch (scene.sky) {
    case Sky::plain:
      fill_gradient(picture, lighter(own, 0.45), own);
      draw_rays(picture, lighter(own, 0.6), random);
      break;
    case Sky::day: {
      const Colour sky = mixed({238, 190, 120}, own, 0.2);
      fill_gradient(picture, sky, lighter(sky, 0.75));
      break;
    }
    case Sky::night: {
      const Colour sky = mixed({82, 38, 24}, own, 0.1);
      fill_gradient(picture, sky, mixed(sky, {150, 90, 110}, 0.6));
      draw_stars(picture, random);
      if (scene.moon) {
        draw_moon(picture, sky, random);
      }
      break;
    }
  }
  if (scene.clouds) {
    draw_clouds(picture, night ? Colour(135, 105, 100) : Colour(255, 253, 250), random);
  }
  if (scene.ground == Ground::city) {
    draw_city(picture, night, random);
  } else if (scene.ground == Ground::trees) {
    draw_trees(picture, night, random);
  }
}

}  // namespace balse
