#pragma once

#include "brush.hpp"

namespace balse {

/// Draws somebody down to the picture's lower edge, with what is worn and carried.
void draw_person(cv::Mat& picture, const PosterPerson& person);

/// What draw_person() is made of, from back to front. The brush's origin is the centre of the head
/// and its unit the head's radius; `head` is tilted, `body` upright.
void draw_hair_behind(const Brush& head, const PosterPerson& person);
void draw_body(const Brush& body, const PosterPerson& person);
void draw_sword(const Brush& body, const PosterPerson& person);
void draw_face(const Brush& head, const PosterPerson& person);
void draw_hair_in_front(const Brush& head, const PosterPerson& person);
void draw_headwear(const Brush& head, const PosterPerson& person);

Colour skin_of(const PosterPerson& person);
Colour hair_of(const PosterPerson& person);
/// +1 where the person carries things at the picture's right, -1 at its left.
float free_side(const PosterPerson& person);
/// How far from the body's middle the hand on that side is, or the picture would cut off what it
/// holds.
float reach(const PosterPerson& person);

}  // namespace balse
