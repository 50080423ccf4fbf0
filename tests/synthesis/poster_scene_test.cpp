#include "balse/synthesis/poster_scene.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"
#include "balse/synthesis/synthesize.hpp"

using namespace balse;

namespace {

constexpr std::size_t kScenes = 3000;

std::set<std::string_view> names_of(const PosterScene& scene) {
  std::set<std::string_view> names;
  for (const std::uint32_t tag : poster_tags(scene)) {
    names.insert(kPosterTags.at(tag));
  }
  return names;
}

/// How many of a group of tags a scene has.
std::size_t count_of(const std::set<std::string_view>& names,
                     const std::vector<std::string_view>& group) {
  return static_cast<std::size_t>(std::count_if(
      group.begin(), group.end(), [&](std::string_view name) { return names.contains(name); }));
}

PosterPerson somebody() {
  PosterPerson person = {};
  person.hair_colour = HairColour::pink;
  person.hair_style = HairStyle::shorter;
  person.eyes = Eyes::brown;
  person.size = 0.2F;
  return person;
}

}  // namespace

TEST_CASE("a scene's tags are what it shows", "[synthesis][poster]") {
  PosterScene scene = {};
  using Names = std::set<std::string_view>;
  CHECK(names_of(scene) == Names{"no humans"});
  scene.people = {somebody()};
  CHECK(names_of(scene) == Names{"1girl", "pink hair", "short hair"});

  PosterPerson& person = scene.people[0];
  person.eyes = Eyes::closed;
  person.mouth = Mouth::open;
  person.clothes = Clothes::armor;
  person.headwear = Headwear::witch_hat;
  person.glasses = true;
  person.sword = true;
  scene.sky = Sky::night;
  scene.moon = true;
  scene.ground = Ground::trees;
  scene.cat = true;
  const Names all = {"1girl", "pink hair", "short hair", "closed eyes", "open mouth",
                     "armor", "hat",       "glasses",    "sword",       "night",
                     "moon",  "tree",      "cat"};
  CHECK(names_of(scene) == all);

  // Two people: what either has, once.
  scene = {};
  scene.people = {somebody(), somebody()};
  scene.people[1].hair_colour = HairColour::black;
  scene.people[1].eyes = Eyes::green;
  scene.people[1].mouth = Mouth::smile;
  scene.people[1].clothes = Clothes::serafuku;
  scene.people[1].headwear = Headwear::animal_ears;
  scene.sky = Sky::day;
  scene.clouds = true;
  scene.ground = Ground::city;
  CHECK(names_of(scene) == Names{"2girls", "pink hair", "black hair", "short hair", "green eyes",
                                 "smile", "serafuku", "animal ears", "cloud", "city"});
}

TEST_CASE("scenes are decided by their seed", "[synthesis][poster]") {
  std::set<std::pair<int, std::uint32_t>> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const PosterScene scene = make_poster_scene(derive_seed(3, seed));
    const PosterScene again = make_poster_scene(derive_seed(3, seed));
    CHECK(poster_tags(scene) == poster_tags(again));
    CHECK(scene.title == again.title);
    CHECK(scene.height == again.height);
    CHECK(scene.detail_seed == again.detail_seed);
    seen.emplace(scene.height, scene.detail_seed);
  }
  CHECK(seen.size() == 50);
}

TEST_CASE("scenes make sense, and show every tag often enough to learn it", "[synthesis][poster]") {
  const std::vector<std::string_view> colours = {"black hair", "blonde hair", "brown hair",
                                                 "red hair",   "blue hair",   "pink hair",
                                                 "green hair"};
  std::array<std::size_t, kPosterTags.size()> counts = {};
  for (std::uint64_t k = 0; k < kScenes; ++k) {
    const PosterScene scene = make_poster_scene(derive_seed(1, k));
    const std::vector<std::uint32_t> tags = poster_tags(scene);
    REQUIRE_FALSE(tags.empty());
    REQUIRE(tags.back() < kPosterTags.size());
    REQUIRE(std::adjacent_find(tags.begin(), tags.end(), std::greater_equal<>()) == tags.end());
    for (const std::uint32_t tag : tags) {
      ++counts.at(tag);
    }
    const auto names = names_of(scene);
    REQUIRE(count_of(names, {"no humans", "1girl", "2girls"}) == 1);
    if (names.contains("1girl")) {
      REQUIRE(count_of(names, colours) == 1);
      REQUIRE(count_of(names, {"long hair", "short hair", "twintails"}) == 1);
    }
    REQUIRE((!names.contains("moon") || names.contains("night")));
    REQUIRE(scene.width >= 200);
    REQUIRE(scene.width < scene.height);
    for (const PosterPerson& person : scene.people) {
      // Heads are on the picture, and large enough that a network sees the eyes.
      REQUIRE(person.x - person.size > 0.0F);
      REQUIRE(person.x + person.size < 1.0F);
      REQUIRE(person.size * 224.0F > 30.0F);
    }
  }
  for (std::size_t tag = 0; tag < counts.size(); ++tag) {
    INFO(kPosterTags.at(tag));
    CHECK(counts.at(tag) > kScenes / 20);
    CHECK(counts.at(tag) < kScenes * 4 / 5);
  }
}

TEST_CASE("a data set of posters has their tags, with weight 1", "[synthesis][poster]") {
  SynthesisOptions options;
  options.users = 30;
  options.items = 60;
  options.ratings = 500;
  options.tags = 0;  // not asked for
  options.posters = true;
  options.poster_share = 0.75;
  REQUIRE(options.validate().empty());
  const SyntheticData data(options);
  CHECK(std::equal(kPosterTags.begin(), kPosterTags.end(), data.tag_names().begin(),
                   data.tag_names().end()));
  CHECK(data.tags().tag_count == kPosterTags.size());
  std::size_t posters = 0;
  for (std::uint32_t item = 0; item < options.items; ++item) {
    const PosterScene scene = data.poster(item);
    CHECK((scene.title.empty() || scene.title == data.title(item)));
    const auto tags = data.tags().tags_of(item);
    if (!tags.empty()) {
      ++posters;
      CHECK(std::vector<std::uint32_t>(tags.begin(), tags.end()) == poster_tags(scene));
    }
  }
  CHECK(posters == 45);
  CHECK(std::all_of(data.tags().weight.begin(), data.tags().weight.end(),
                    [](float weight) { return weight == 1.0F; }));
}
