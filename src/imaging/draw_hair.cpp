#include "draw_person.hpp"

namespace balse {
namespace {

const Points cap = {{0.0F, -1.22F}, {0.72F, -1.0F}, {1.06F, -0.3F}};

void draw_tails(const Brush& head, const Colour& hair, const Colour& ribbon) {
  for (const float side : {-1.0F, 1.0F}) {
    const auto at = [side](float x, float y) { return cv::Point2f(side * x, y); };
    head.shape({at(0.95F, -0.75F), at(1.5F, -0.75F), at(1.95F, 0.1F), at(1.98F, 1.3F),
                at(1.62F, 2.5F), at(1.5F, 1.4F), at(1.2F, 0.4F)},
               hair);
    head.line({at(1.3F, -0.5F), at(1.65F, 0.3F), at(1.72F, 1.6F)}, 0.05F, darker(hair, 0.3));
    head.shape({at(0.95F, -0.85F), at(1.2F, -1.0F), at(1.25F, -0.45F), at(1.0F, -0.5F)}, ribbon);
  }
}

void draw_ears(const Brush& head, const Colour& hair) {
  for (const float side : {-1.0F, 1.0F}) {
    const auto at = [side](float x, float y) { return cv::Point2f(side * x, y); };
    head.plate({at(1.0F, -0.45F), at(0.98F, -1.75F), at(0.2F, -1.1F)}, hair);
    head.polygon({at(0.86F, -0.75F), at(0.88F, -1.45F), at(0.45F, -1.08F)}, {190, 180, 250});
  }
}

void draw_hat(const Brush& head, const PosterPerson& person) {
  const Colour ribbon = colour_of(person.clothes_tint);
  if (person.headwear == Headwear::sun_hat) {
    const Colour straw(140, 205, 240);
    head.ellipse({0.0F, -0.72F}, 1.6F, 0.36F, straw, true);
    head.shape(mirrored({{0.0F, -1.7F}, {0.62F, -1.55F}, {0.86F, -0.78F}, {0.0F, -0.62F}}), straw);
    head.line({{-0.84F, -0.88F}, {0.0F, -0.74F}, {0.84F, -0.88F}}, 0.2F, ribbon);
    return;
  }
  const Colour felt(100, 45, 75);
  head.ellipse({0.0F, -0.74F}, 1.65F, 0.32F, felt, true);
  head.shape({{-0.85F, -0.8F},
              {-0.45F, -1.6F},
              {0.05F, -2.3F},
              {0.65F, -2.35F},
              {0.38F, -1.8F},
              {0.85F, -0.8F},
              {0.0F, -0.64F}},
             felt);
  head.line({{-0.82F, -0.92F}, {0.0F, -0.78F}, {0.8F, -0.92F}}, 0.18F, lighter(ribbon));
}

}  // namespace

void draw_hair_behind(const Brush& head, const PosterPerson& person) {
  const Colour hair = darker(hair_of(person), 0.15);
  Points right = cap;
  switch (person.hair_style) {
    case HairStyle::longer:
      right.insert(right.end(),
                   {{1.28F, 0.8F}, {1.5F, 2.2F}, {1.42F, 3.3F}, {0.6F, 3.1F}, {0.0F, 3.2F}});
      break;
    case HairStyle::shorter:
      right.insert(right.end(), {{1.14F, 0.4F}, {0.95F, 0.98F}, {0.4F, 1.02F}, {0.0F, 0.95F}});
      break;
    case HairStyle::twintails:
      draw_tails(head, hair, lighter(colour_of(person.clothes_tint)));
      right.insert(right.end(), {{0.98F, 0.3F}, {0.7F, 0.7F}, {0.0F, 0.7F}});
      break;
  }
  head.shape(mirrored(right), hair);
}

void draw_hair_in_front(const Brush& head, const PosterPerson& person) {
  const Colour hair = hair_of(person);
  if (person.headwear == Headwear::animal_ears) {
    draw_ears(head, hair);
  }
  for (const float side : {-1.0F, 1.0F}) {
    const auto at = [side](float x, float y) { return cv::Point2f(side * x, y); };
    if (person.hair_style == HairStyle::longer) {
      head.shape({at(0.78F, -0.5F), at(1.06F, -0.3F), at(1.16F, 0.8F), at(1.06F, 2.3F),
                  at(0.82F, 1.2F), at(0.84F, 0.3F)},
                 hair);
    } else {
      head.shape(
          {at(0.78F, -0.5F), at(1.06F, -0.3F), at(1.02F, 0.35F), at(0.88F, 0.72F), at(0.82F, 0.2F)},
          hair);
    }
  }
  // The fringe: round above, in strands below.
  head.plate({{-1.04F, -0.15F}, {-1.02F, -0.5F}, {-0.85F, -0.88F}, {-0.5F, -1.13F}, {0.0F, -1.22F},
              {0.5F, -1.13F},   {0.85F, -0.88F}, {1.02F, -0.5F},   {1.04F, -0.15F}, {0.86F, 0.0F},
              {0.76F, -0.4F},   {0.5F, -0.22F},  {0.34F, -0.5F},   {0.1F, -0.2F},   {-0.1F, -0.52F},
              {-0.36F, -0.2F},  {-0.5F, -0.5F},  {-0.7F, -0.22F},  {-0.78F, -0.4F}, {-0.88F, 0.0F}},
             hair);
  head.line({{-0.62F, -0.72F}, {-0.2F, -0.88F}, {0.3F, -0.86F}}, 0.1F, lighter(hair, 0.4));
}

void draw_headwear(const Brush& head, const PosterPerson& person) {
  if (person.headwear == Headwear::sun_hat || person.headwear == Headwear::witch_hat) {
    draw_hat(head, person);
  }
}

}  // namespace balse
