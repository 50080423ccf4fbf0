#include "draw_person.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace balse {

Colour skin_of(const PosterPerson& person) {
  return mixed({218, 232, 254}, {168, 200, 240}, person.skin);
}

Colour hair_of(const PosterPerson& person) {
  static const std::array<Colour, 7> kColours = {
      Colour(52, 40, 42),   Colour(120, 218, 250), Colour(48, 82, 128), Colour(52, 48, 205),
      Colour(220, 130, 60), Colour(190, 150, 250), Colour(105, 175, 80)};
  return kColours[static_cast<std::size_t>(person.hair_colour)];
}

float free_side(const PosterPerson& person) {
  const bool alone = std::abs(person.x - 0.5F) < 0.15F;
  const float nearer = person.x < 0.5F ? -1.0F : 1.0F;
  return alone ? -nearer : nearer;  // of two, the other one is on the far side
}

float reach(const PosterPerson& person) {
  const float edge = free_side(person) < 0.0F ? person.x : 1.0F - person.x;
  return std::clamp(edge / person.size - 0.35F, 1.3F, 1.8F);
}

void draw_person(cv::Mat& picture, const PosterPerson& person) {
  const auto width = static_cast<float>(picture.cols);
  const auto height = static_cast<float>(picture.rows);
  const Brush body(picture, {person.x * width, person.y * height}, person.size * width);
  const Brush head = body.turned(person.tilt);
  draw_hair_behind(head, person);
  draw_body(body, person);
  if (person.sword) {
    draw_sword(body, person);
  }
  draw_face(head, person);
  draw_hair_in_front(head, person);
  draw_headwear(head, person);
}

void draw_sword(const Brush& body, const PosterPerson& person) {
  const float side = free_side(person);
  const float hand = reach(person);
  const auto at = [=](float x, float y) { return cv::Point2f(side * (hand + x), y); };
  const Colour steel(235, 228, 215);
  const Colour gold(70, 175, 225);
  body.plate(
      {at(-0.15F, 2.1F), at(-0.15F, -0.9F), at(0.0F, -1.3F), at(0.15F, -0.9F), at(0.15F, 2.1F)},
      steel);
  body.line({at(0.02F, 2.0F), at(0.02F, -0.9F)}, 0.05F, darker(steel, 0.3));
  body.plate({at(-0.45F, 2.08F), at(0.45F, 2.08F), at(0.45F, 2.28F), at(-0.45F, 2.28F)}, gold);
  body.plate({at(-0.09F, 2.28F), at(0.09F, 2.28F), at(0.09F, 2.9F), at(-0.09F, 2.9F)},
             {50, 60, 95});
  body.ellipse(at(0.0F, 2.98F), 0.14F, 0.14F, gold, true);
  body.ellipse(at(0.0F, 2.55F), 0.24F, 0.2F, skin_of(person), true);
}

void draw_face(const Brush& head, const PosterPerson& person) {
  const Colour skin = skin_of(person);
  const Colour ink(45, 30, 40);
  head.shape(mirrored({{0.0F, -0.95F},
                       {0.55F, -0.8F},
                       {0.84F, -0.2F},
                       {0.78F, 0.35F},
                       {0.48F, 0.76F},
                       {0.0F, 0.98F}}),
             skin);
  const Colour irises[] = {{225, 120, 30}, {40, 30, 215}, {60, 165, 40}, {35, 65, 105}};
  for (const float side : {-1.0F, 1.0F}) {
    const cv::Point2f eye(side * 0.39F, 0.22F);
    head.ellipse({side * 0.56F, 0.52F}, 0.15F, 0.08F, mixed(skin, {150, 140, 255}, 0.5));
    if (person.eyes == Eyes::closed) {
      head.line({eye + cv::Point2f(-0.24F, 0.02F), eye + cv::Point2f(0.0F, 0.17F),
                 eye + cv::Point2f(0.24F, 0.02F)},
                0.085F, ink);
    } else {
      const Colour& iris = irises[static_cast<std::size_t>(person.eyes)];
      head.ellipse(eye, 0.25F, 0.28F, {255, 255, 255});
      head.ellipse(eye + cv::Point2f(0.0F, 0.02F), 0.19F, 0.26F, iris);
      head.ellipse(eye + cv::Point2f(0.0F, -0.07F), 0.15F, 0.13F, darker(iris, 0.4));
      head.ellipse(eye, 0.07F, 0.11F, ink);
      head.ellipse(eye + cv::Point2f(-0.06F, -0.12F), 0.07F, 0.08F, {255, 255, 255});
      head.ellipse(eye + cv::Point2f(0.06F, 0.12F), 0.05F, 0.06F, lighter(iris, 0.6));
      head.line({eye + cv::Point2f(-0.26F, -0.08F), eye + cv::Point2f(-0.13F, -0.25F),
                 eye + cv::Point2f(0.13F, -0.25F), eye + cv::Point2f(0.26F, -0.08F)},
                0.075F, ink);
    }
    if (person.glasses) {
      head.ring(eye, 0.32F, 0.33F, 0.075F, {60, 40, 170});
      head.line({{side * 0.71F, 0.17F}, {side * 0.86F, 0.05F}}, 0.07F, {60, 40, 170});
    }
  }
  if (person.glasses) {
    head.line({{-0.08F, 0.16F}, {0.08F, 0.16F}}, 0.07F, {60, 40, 170});
  }
  head.line({{0.0F, 0.46F}, {0.03F, 0.5F}}, 0.03F, darker(skin));
  const Colour lips(50, 40, 120);
  switch (person.mouth) {
    case Mouth::neutral:
      head.line({{-0.08F, 0.7F}, {0.08F, 0.7F}}, 0.05F, lips);
      break;
    case Mouth::smile:
      head.line({{-0.3F, 0.61F}, {-0.16F, 0.76F}, {0.16F, 0.76F}, {0.3F, 0.61F}}, 0.085F, lips);
      break;
    case Mouth::open:
      head.shape({{-0.29F, 0.57F}, {0.29F, 0.57F}, {0.2F, 0.8F}, {0.0F, 0.89F}, {-0.2F, 0.8F}},
                 {45, 35, 150});
      head.ellipse({0.0F, 0.8F}, 0.13F, 0.06F, {140, 130, 250});
      break;
  }
}

}  // namespace balse
