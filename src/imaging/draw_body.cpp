#include "draw_person.hpp"

namespace balse {
namespace {

constexpr float kBelow = 9.0F;  // beyond the picture's lower edge

const Points torso = {{0.0F, 1.22F}, {0.4F, 1.28F},  {0.95F, 1.42F}, {1.12F, 1.75F},
                      {0.8F, 2.5F},  {0.68F, 3.05F}, {0.82F, 3.5F},  {0.0F, 3.55F}};

/// Both arms; a hand that holds a sword is drawn with it.
void draw_arms(const Brush& body, const PosterPerson& person, const Colour& sleeve,
               float thickness) {
  const float sword = person.sword ? free_side(person) : 0.0F;
  for (const float side : {-1.0F, 1.0F}) {
    const auto at = [side](float x, float y) { return cv::Point2f(side * x, y); };
    const Points arm =
        side == sword ? Points{at(0.98F, 1.7F), at(1.2F, 2.45F), at(reach(person) - 0.1F, 2.55F)}
                      : Points{at(0.98F, 1.7F), at(1.22F, 2.7F), at(1.15F, 3.8F)};
    body.line(arm, thickness + 0.06F, darker(sleeve));
    body.line(arm, thickness, sleeve);
    if (side != sword) {
      body.ellipse(at(1.14F, 3.95F), 0.18F, 0.22F, skin_of(person), true);
    }
  }
}

void draw_skirt(const Brush& body, const Colour& cloth, float flare, float length) {
  body.plate(mirrored({{0.0F, 2.95F}, {0.7F, 2.95F}, {flare, length}, {0.0F, length + 0.15F}}),
             cloth);
  for (const float fold : {-0.75F, -0.4F, 0.0F, 0.4F, 0.75F}) {
    body.line({{fold * 0.7F, 3.1F}, {fold * flare, length}}, 0.05F, darker(cloth, 0.3));
  }
}

void draw_legs(const Brush& body, const Colour& colour) {
  for (const float side : {-1.0F, 1.0F}) {
    body.plate({{side * 0.08F, 3.4F},
                {side * 0.75F, 3.4F},
                {side * 0.65F, kBelow},
                {side * 0.12F, kBelow}},
               colour);
  }
}

void draw_shirt(const Brush& body, const PosterPerson& person) {
  const Colour cloth = colour_of(person.clothes_tint);
  draw_legs(body, {95, 70, 60});
  draw_arms(body, person, cloth, 0.44F);
  body.shape(mirrored(torso), cloth);
  body.polygon({{-0.35F, 1.2F}, {0.35F, 1.2F}, {0.0F, 1.65F}}, skin_of(person));
  body.line({{-0.4F, 1.25F}, {0.0F, 1.7F}, {0.4F, 1.25F}}, 0.1F, lighter(cloth, 0.6));
  body.line({{0.0F, 1.8F}, {0.0F, 3.5F}}, 0.05F, darker(cloth));
}

void draw_dress(const Brush& body, const PosterPerson& person) {
  const Colour cloth = colour_of(person.clothes_tint);
  const Colour skin = skin_of(person);
  const Colour lace = lighter(cloth, 0.75);
  draw_arms(body, person, skin, 0.34F);
  body.shape(mirrored(torso), skin);
  body.shape(mirrored({{0.0F, 2.0F},
                       {0.45F, 1.75F},
                       {0.86F, 1.95F},
                       {0.76F, 2.5F},
                       {0.66F, 3.05F},
                       {0.0F, 3.1F}}),
             cloth);
  draw_skirt(body, cloth, 2.3F, 5.4F);
  for (const float side : {-1.0F, 1.0F}) {
    body.line({{side * 0.5F, 1.8F}, {side * 0.5F, 1.35F}}, 0.1F, cloth);
  }
  body.line({{-0.84F, 1.95F}, {-0.45F, 1.78F}, {0.0F, 2.02F}, {0.45F, 1.78F}, {0.84F, 1.95F}},
            0.14F, lace);
  body.line({{-0.7F, 3.0F}, {0.7F, 3.0F}}, 0.2F, lace);
  body.line({{-1.75F, 4.6F}, {-0.9F, 4.75F}, {0.0F, 4.8F}, {0.9F, 4.75F}, {1.75F, 4.6F}}, 0.12F,
            lace);
}

void draw_serafuku(const Brush& body, const PosterPerson& person) {
  const Colour white(250, 248, 246);
  const Colour navy(120, 60, 40);
  draw_legs(body, skin_of(person));
  draw_arms(body, person, white, 0.44F);
  body.shape(mirrored(torso), white);
  draw_skirt(body, navy, 1.5F, 4.5F);
  body.polygon({{-0.34F, 1.2F}, {0.34F, 1.2F}, {0.0F, 1.95F}}, skin_of(person));
  for (const float side : {-1.0F, 1.0F}) {
    const auto at = [side](float x, float y) { return cv::Point2f(side * x, y); };
    body.plate(
        {at(0.3F, 1.2F), at(0.98F, 1.42F), at(0.9F, 1.95F), at(0.0F, 2.15F), at(0.0F, 1.95F)},
        navy);
    body.line({at(0.86F, 1.5F), at(0.8F, 1.85F), at(0.1F, 2.03F)}, 0.05F, white);
    body.shape({at(0.0F, 2.1F), at(0.42F, 1.95F), at(0.4F, 2.4F)}, {60, 50, 220});
    body.plate({at(0.0F, 2.2F), at(0.16F, 2.85F), at(0.32F, 2.75F)}, {60, 50, 220});
  }
}

void draw_armor(const Brush& body, const PosterPerson& person) {
  const Colour steel = mixed({200, 190, 178}, colour_of(person.clothes_tint), 0.18);
  const Colour gold(70, 175, 225);
  draw_legs(body, darker(steel, 0.2));
  draw_arms(body, person, darker(steel, 0.15), 0.46F);
  body.shape(mirrored(torso), steel);
  draw_skirt(body, darker(steel, 0.1), 1.25F, 4.1F);
  body.area({{-0.55F, 1.75F}, {-0.2F, 1.7F}, {-0.3F, 2.6F}, {-0.5F, 2.6F}}, lighter(steel, 0.75));
  body.line({{0.0F, 1.5F}, {0.0F, 2.95F}}, 0.06F, darker(steel));
  body.line({{-0.68F, 3.0F}, {0.68F, 3.0F}}, 0.2F, gold);
  body.line({{-0.5F, 1.38F}, {0.0F, 1.58F}, {0.5F, 1.38F}}, 0.14F, gold);
  for (const float side : {-1.0F, 1.0F}) {
    body.ellipse({side * 1.1F, 1.68F}, 0.5F, 0.42F, steel, true);
    body.line({{side * 0.72F, 1.9F}, {side * 1.1F, 2.06F}, {side * 1.52F, 1.85F}}, 0.1F, gold);
    body.ellipse({side * 1.1F - 0.12F, 1.55F}, 0.16F, 0.1F, lighter(steel, 0.8));
  }
}

}  // namespace

void draw_body(const Brush& body, const PosterPerson& person) {
  const Colour skin = skin_of(person);
  switch (person.clothes) {
    case Clothes::shirt:
      draw_shirt(body, person);
      break;
    case Clothes::dress:
      draw_dress(body, person);
      break;
    case Clothes::serafuku:
      draw_serafuku(body, person);
      break;
    case Clothes::armor:
      draw_armor(body, person);
      break;
  }
  body.polygon({{-0.26F, 0.7F}, {0.26F, 0.7F}, {0.32F, 1.28F}, {0.0F, 1.4F}, {-0.32F, 1.28F}},
               darker(skin, 0.12));
}

}  // namespace balse
