#include "balse/synthesis/poster_scene.hpp"

#include <algorithm>

#include "balse/support/random.hpp"

#include "synthesis/names.hpp"

namespace balse {
namespace {

// Shares are such that every tag is on at least one poster in fifteen, or a tagger would have too
// little to learn it from.
constexpr double kNobody = 0.09;
constexpr double kTwo = 0.26;

/// Draws of a scene's parts.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  bool chance(double probability) { return random_.uniform() < probability; }
  float between(double low, double high) {
    return static_cast<float>(low + (high - low) * random_.uniform());
  }
  /// One of the first `count` values.
  template <typename Enum>
  Enum one_of(std::uint64_t count) {
    return static_cast<Enum>(random_.below(count));
  }
  Tint tint(double least_saturation, double least_value) {
    const float hue = between(0.0, 1.0);
    const float saturation = between(least_saturation, 0.85);
    return {hue, saturation, between(least_value, 0.95)};
  }
  std::uint64_t below(std::uint64_t n) { return random_.below(n); }

 private:
  Random random_;
};

PosterPerson make_person(Dice& dice) {
  PosterPerson person = {};
  person.hair_colour = dice.one_of<HairColour>(7);
  person.hair_style = dice.one_of<HairStyle>(3);
  person.eyes = dice.one_of<Eyes>(5);
  person.mouth = dice.one_of<Mouth>(3);
  person.clothes = dice.one_of<Clothes>(4);
  if (dice.chance(0.45)) {
    person.headwear = dice.chance(0.5)   ? Headwear::animal_ears
                      : dice.chance(0.5) ? Headwear::sun_hat
                                         : Headwear::witch_hat;
  }
  person.glasses = dice.chance(0.22);
  person.sword = dice.chance(0.2);
  person.clothes_tint = dice.tint(0.35, 0.55);
  person.skin = dice.between(0.0, 1.0);
  person.tilt = dice.between(-0.1, 0.1);
  return person;
}

void add_people(PosterScene& scene, Dice& dice) {
  if (dice.chance(kNobody)) {
    return;
  }
  if (!dice.chance(kTwo)) {
    PosterPerson person = make_person(dice);
    person.x = dice.between(0.42, 0.58);
    person.y = dice.between(0.38, 0.46);
    person.size = dice.between(0.185, 0.235);
    scene.people.push_back(person);
    return;
  }
  for (const double x : {0.28, 0.72}) {
    PosterPerson person = make_person(dice);
    person.x = dice.between(x - 0.03, x + 0.03);
    person.y = dice.between(0.38, 0.48);
    person.size = dice.between(0.14, 0.165);
    scene.people.push_back(person);
  }
}

void add_place(PosterScene& scene, Dice& dice) {
  const bool landscape = scene.people.empty() || dice.chance(0.75);
  scene.sky = !landscape ? Sky::plain : dice.chance(0.5) ? Sky::day : Sky::night;
  scene.ground = landscape ? dice.one_of<Ground>(3) : Ground::none;
  scene.moon = scene.sky == Sky::night && dice.chance(0.6);
  scene.clouds = scene.sky == Sky::day ? dice.chance(0.65) : landscape && dice.chance(0.2);
  scene.cat = dice.chance(scene.people.empty() ? 0.5 : 0.14);
  scene.background = dice.tint(0.15, 0.6);
}

/// Which tag each value of an enumeration is; kNone where it is none.
constexpr std::uint32_t kNone = kPosterTags.size();

constexpr std::uint32_t tag(std::string_view name) {
  for (std::uint32_t k = 0; k < kPosterTags.size(); ++k) {
    if (kPosterTags[k] == name) {
      return k;
    }
  }
  return kNone;
}

constexpr std::uint32_t tag_of(HairColour colour) {
  return tag("black hair") + static_cast<std::uint32_t>(colour);
}
constexpr std::uint32_t tag_of(HairStyle style) {
  return tag("long hair") + static_cast<std::uint32_t>(style);
}
static_assert(tag_of(HairColour::green) == tag("green hair"));
static_assert(tag_of(HairStyle::twintails) == tag("twintails"));

constexpr std::uint32_t tag_of(Eyes eyes) {
  constexpr std::array kTags = {tag("blue eyes"), tag("red eyes"), tag("green eyes"), kNone,
                                tag("closed eyes")};
  return kTags[static_cast<std::size_t>(eyes)];
}
constexpr std::uint32_t tag_of(Mouth mouth) {
  constexpr std::array kTags = {kNone, tag("smile"), tag("open mouth")};
  return kTags[static_cast<std::size_t>(mouth)];
}
constexpr std::uint32_t tag_of(Clothes clothes) {
  constexpr std::array kTags = {kNone, tag("dress"), tag("serafuku"), tag("armor")};
  return kTags[static_cast<std::size_t>(clothes)];
}
constexpr std::uint32_t tag_of(Headwear headwear) {
  constexpr std::array kTags = {kNone, tag("animal ears"), tag("hat"), tag("hat")};
  return kTags[static_cast<std::size_t>(headwear)];
}

}  // namespace

PosterScene make_poster_scene(std::uint64_t seed) {
  Dice dice(seed);
  PosterScene scene = {};
  add_people(scene, dice);
  add_place(scene, dice);
  if (dice.chance(0.8)) {
    scene.title = make_title(static_cast<std::uint32_t>(dice.below(2000)), seed);
  }
  scene.title_on_top = dice.chance(0.3);
  scene.width = 208 + static_cast<int>(dice.below(49));
  scene.height = static_cast<int>(static_cast<float>(scene.width) * dice.between(1.34, 1.48));
  scene.brightness = dice.between(0.88, 1.1);
  scene.noise = dice.between(0.0, 1.2);
  scene.detail_seed = static_cast<std::uint32_t>(dice.below(UINT32_MAX));
  return scene;
}

std::vector<std::uint32_t> poster_tags(const PosterScene& scene) {
  constexpr std::array kBySize = {tag("no humans"), tag("1girl"), tag("2girls")};
  std::vector<std::uint32_t> tags = {kBySize[scene.people.size()]};
  for (const PosterPerson& person : scene.people) {
    tags.insert(tags.end(),
                {tag_of(person.hair_colour), tag_of(person.hair_style), tag_of(person.eyes),
                 tag_of(person.mouth), tag_of(person.clothes), tag_of(person.headwear),
                 person.glasses ? tag("glasses") : kNone, person.sword ? tag("sword") : kNone});
  }
  tags.insert(
      tags.end(),
      {scene.sky == Sky::night ? tag("night") : kNone, scene.moon ? tag("moon") : kNone,
       scene.clouds ? tag("cloud") : kNone, scene.ground == Ground::city ? tag("city") : kNone,
       scene.ground == Ground::trees ? tag("tree") : kNone, scene.cat ? tag("cat") : kNone});
  // Two people may share a tag.
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  if (tags.back() == kNone) {
    tags.pop_back();
  }
  return tags;
}

}  // namespace balse
