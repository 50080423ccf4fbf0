#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// The tags a made-up poster can have, named as Illustration2Vec names them; columns of the tag
/// matrix and outputs of the demo tagger, in this order.
inline constexpr std::array<std::string_view, 32> kPosterTags = {
    "1girl",      "2girls",      "no humans",  "long hair",  "short hair",  "twintails",
    "black hair", "blonde hair", "brown hair", "red hair",   "blue hair",   "pink hair",
    "green hair", "blue eyes",   "red eyes",   "green eyes", "closed eyes", "smile",
    "open mouth", "animal ears", "hat",        "glasses",    "sword",       "dress",
    "serafuku",   "armor",       "night",      "moon",       "cloud",       "city",
    "tree",       "cat"};

enum class HairColour { black, blonde, brown, red, blue, pink, green };
enum class HairStyle { longer, shorter, twintails };
enum class Eyes { blue, red, green, brown, closed };
enum class Mouth { neutral, smile, open };
enum class Clothes { shirt, dress, serafuku, armor };
enum class Headwear { none, animal_ears, sun_hat, witch_hat };
enum class Sky { plain, day, night };
enum class Ground { none, city, trees };

/// A colour of its own, which no tag tells: hue in turns (0 .. 1), saturation and value in 0 .. 1.
struct Tint {
  float hue;
  float saturation;
  float value;
};

/// Somebody on a poster. Positions are shares of the picture's width and height.
struct PosterPerson {
  HairColour hair_colour;
  HairStyle hair_style;
  Eyes eyes;
  Mouth mouth;
  Clothes clothes;
  Headwear headwear;
  bool glasses;
  bool sword;
  Tint clothes_tint;
  float skin;  ///< 0 .. 1, pale to tanned
  float x;     ///< of the head's centre
  float y;     ///< of the head's centre
  float size;  ///< radius of the head, as a share of the width
  float tilt;  ///< of the head, in radians
};

/// What a made-up poster shows: enough to draw it (src/imaging/draw_poster.hpp) and to tell its
/// tags.
struct PosterScene {
  std::vector<PosterPerson> people;  ///< none to two
  Sky sky;
  Ground ground;
  bool moon;    ///< at night only
  bool clouds;  ///< never on a plain background
  bool cat;
  std::string title;  ///< lettering; may be empty
  bool title_on_top;

  // What varies from poster to poster and says nothing.
  int width;  ///< in pixels
  int height;
  Tint background;
  float brightness;           ///< all samples times this
  float noise;                ///< standard deviation, in gray levels
  std::uint32_t detail_seed;  ///< of stars, windows, leaves and the noise
};

/// A scene of which `seed` and nothing else decides every bit.
PosterScene make_poster_scene(std::uint64_t seed);

/// Positions in kPosterTags of what the scene shows, ascending; at least one.
std::vector<std::uint32_t> poster_tags(const PosterScene& scene);

}  // namespace balse
