#include "synthesis/names.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string_view>
#include <utility>

namespace balse {
namespace {

constexpr std::string_view kScenes[] = {
    "smile",      "sword",       "glasses",     "ponytail",       "wings",          "castle",
    "robot",      "cat",         "dog",         "horse",          "bird",           "rain",
    "snow",       "night",       "sunset",      "starry sky",     "forest",         "ocean",
    "city",       "train",       "bicycle",     "classroom",      "school bag",     "guitar",
    "piano",      "microphone",  "book",        "letter",         "teacup",         "cake",
    "lunch box",  "football",    "baseball",    "swimming pool",  "running",        "sleeping",
    "laughing",   "crying",      "angry look",  "holding hands",  "looking back",   "looking up",
    "open mouth", "closed eyes", "freckles",    "cherry blossom", "falling leaves", "fireworks",
    "lantern",    "bridge",      "spaceship",   "motorcycle",     "helmet",         "shield",
    "spear",      "bow",         "magic staff", "crowd",          "two people",     "lone figure"};

constexpr std::string_view kThings[] = {
    "hair",   "eyes",   "dress",   "shirt", "skirt",   "coat",  "cloak",    "jacket",
    "scarf",  "gloves", "boots",   "shoes", "hat",     "cap",   "ribbon",   "necktie",
    "kimono", "armour", "mask",    "apron", "sweater", "socks", "umbrella", "flower",
    "belt",   "hood",   "curtain", "sky",   "banner",  "flame"};

constexpr std::string_view kColours[] = {"red",    "orange", "yellow", "green", "blue",
                                         "purple", "pink",   "brown",  "black", "white",
                                         "grey",   "silver", "golden", "teal",  "crimson",
                                         "navy",   "beige",  "violet", "olive", "turquoise"};

constexpr std::string_view kStyles[] = {"",       "striped ", "checked ", "dotted ", "torn ",
                                        "shiny ", "pale ",    "dark ",    "plain ",  "patterned "};

constexpr std::string_view kAdjectives[] = {
    "Crimson",   "Silent",    "Distant",    "Hidden",   "Forgotten", "Little",   "Wandering",
    "Endless",   "Frozen",    "Luminous",   "Stubborn", "Gentle",    "Reckless", "Seventh",
    "Clockwork", "Invisible", "Borrowed",   "Paper",    "Midnight",  "Summer",   "Winter",
    "Electric",  "Sleepless", "Careless",   "Honest",   "Restless",  "Scarlet",  "Hollow",
    "Final",     "Secret",    "Unfinished", "Humble"};

constexpr std::string_view kNouns[] = {
    "Alchemist", "Lantern",    "Detective", "Orchestra",  "Swordsman",  "Librarian", "Comet",
    "Pilot",     "Garden",     "Promise",   "Kitchen",    "Dragon",     "Melody",    "Labyrinth",
    "Carnival",  "Witch",      "Courier",   "Lighthouse", "Fencer",     "Sparrow",   "Submarine",
    "Magician",  "Captain",    "Railway",   "Diary",      "Umbrella",   "Guardian",  "Thief",
    "Workshop",  "Goalkeeper", "Shrine",    "Fox",        "Apprentice", "Planet",    "Chessboard",
    "Inn",       "Phantom",    "Princess",  "Mechanic",   "Bakery",     "Knight",    "Painter"};

constexpr std::string_view kPlaces[] = {
    "Akebono",  "Hoshimi",  "Kazamori", "Minase",    "Tsukigase", "Arakawa Hill", "Velden",
    "Lumeria",  "Oakhaven", "Shirane",  "Yukimachi", "Port Azur", "Nagisa",       "Ravenmoor",
    "Asahina",  "Mistral",  "Kagerou",  "Solenne",   "Hinode",    "Umibe",        "Castelmar",
    "Torihama", "Elderfen", "Fuyuno",   "Calanthe",  "Kitahara",  "Wolkenburg",   "Natsumi Bay"};

constexpr std::size_t kColoured = std::size(kColours) * std::size(kThings);

std::string coloured_thing(std::size_t k) {
  std::string name(kStyles[k / kColoured]);
  name += kColours[k % std::size(kColours)];
  name += ' ';
  return name += kThings[k / std::size(kColours) % std::size(kThings)];
}

template <typename T>
void shuffle(std::vector<T>& values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random.below(i)]);
  }
}

}  // namespace

std::size_t tag_name_limit() {
  return std::size(kScenes) + kColoured * std::size(kStyles);
}

std::vector<std::string> make_tag_names(std::size_t count, Random& random) {
  std::vector<std::string> scenes(std::begin(kScenes), std::end(kScenes));
  shuffle(scenes, random);
  scenes.resize(std::min(count / 2, scenes.size()));

  // As few styles as will do, the first being none.
  const std::size_t wanted = count - scenes.size();
  std::vector<std::size_t> numbers((wanted + kColoured - 1) / kColoured * kColoured);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  shuffle(numbers, random);

  std::vector<std::string> names = std::move(scenes);
  for (std::size_t i = 0; i < wanted; ++i) {
    names.push_back(coloured_thing(numbers[i]));
  }
  shuffle(names, random);
  return names;
}

std::string make_title(std::uint32_t item, std::uint64_t seed) {
  constexpr std::uint64_t kTitles = std::size(kAdjectives) * std::size(kNouns) * std::size(kPlaces);
  // Multiplying by a number prime to kTitles walks through all of them before any comes again.
  constexpr std::uint64_t kStride = 15485863;
  static_assert(std::gcd(kStride, kTitles) == 1);
  std::uint64_t k = (item * kStride + derive_seed(seed, 0) % kTitles) % kTitles;
  const std::string adjective(kAdjectives[k % std::size(kAdjectives)]);
  k /= std::size(kAdjectives);
  const std::string noun(kNouns[k % std::size(kNouns)]);
  const std::string place(kPlaces[k / std::size(kNouns)]);

  std::string title;
  switch (derive_seed(seed, item + std::uint64_t{1}) % 5) {
    case 0:
      title = adjective + ' ' + noun + " of " + place;
      break;
    case 1:
      title = place + ": The " + adjective + ' ' + noun;
      break;
    case 2:
      title = "Goodbye, " + adjective + ' ' + noun + " of " + place;
      break;
    case 3:
      title = "The " + adjective + ' ' + noun + " from " + place;
      break;
    default:
      title = noun + " in " + place + " - " + adjective + " Days";
  }
  const std::uint64_t season = item / kTitles + 1;
  return season == 1 ? title : title + ", Season " + std::to_string(season);
}

}  // namespace balse
