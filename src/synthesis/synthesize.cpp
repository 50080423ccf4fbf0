#include "balse/synthesis/synthesize.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "balse/support/random.hpp"

#include "synthesis/incidence.hpp"
#include "synthesis/names.hpp"
#include "synthesis/taste.hpp"

namespace balse {
namespace {

// The constants of this file say who rates how much, how often, and how much a poster shows; those
// of taste.cpp say what is thought of it.

/// Ratings a user: median 65, quartiles 18 and 165, 95% below 600, the largest 3,200 (of 9,979).
constexpr Spread kUserSpread = {.below = 1.95, .above = 1.35};
constexpr double kLargestUser = 0.32;

/// Ratings an item: median 5, quartiles 2 and 14, 99% below 665; 2,260 items have a single one.
/// The logarithm of an item's weight is bent upwards in its fame, because users with thousands of
/// ratings have rated every famous item; and cut off, or the most famous would be rated by all.
constexpr double kObscurity = 2.15;
constexpr double kFame = 1.6;
constexpr double kStardom = 0.6;
constexpr double kMostFamous = 2.9;

/// Tags a poster: 26.3 of 503 on average (210,009 on 7,983), 10 to 51 for 98% of them. With fewer
/// tags in all there are fewer on a poster, by the square root.
constexpr double kTagsPerPoster = 26.3;
constexpr double kTagsOfThese = 503.0;
constexpr Spread kPosterSpread = {.below = 0.35, .above = 0.32};

/// Posters a tag: median 43, quartiles 11 and 364, the largest two thirds of all posters.
constexpr double kTagSpread = 2.3;

/// Weights: 0.1 + 0.9 x with x after Kumaraswamy(1.5, 3.6); median .37, quartiles .26 and .52.
constexpr double kWeightA = 1.5;
constexpr double kWeightB = 3.6;

/// Streams of derive_seed().
enum Stream : std::uint64_t {
  fame,
  shown,
  weights,
  posters,
  taste,
  sizes,
  pairs,
  opinions,
  names,
  scenes
};

double item_weight(double fame) {
  const double f = std::min(fame, kMostFamous);
  return std::exp(f < 0.0 ? kObscurity * f : (kFame + kStardom * f) * f);
}

/// Rounded, because three digits are what the file holds.
float draw_weight(Random& random) {
  const double rest = std::pow(1.0 - random.uniform(), 1.0 / kWeightB);
  const double x = std::pow(1.0 - rest, 1.0 / kWeightA);
  return static_cast<float>(std::round(100.0 + 900.0 * x) / 1000.0);
}

/// Which item shows which tag, hidden posters included.
Incidence draw_shown(const SynthesisOptions& options, const std::vector<double>& tag_fame,
                     Random& random) {
  const auto tags = static_cast<double>(options.tags);
  const double mean = kTagsPerPoster * std::sqrt(tags / kTagsOfThese);
  const auto total = static_cast<std::size_t>(static_cast<double>(options.items) *
                                              std::clamp(mean, 1.0, 0.5 * (tags + 1.0)));
  return {
      draw_sizes(options.items, std::max(total, options.tags), options.tags, kPosterSpread, random),
      tag_fame, random.bits()};
}

/// Exactly round(share * items) of them, by selection sampling.
std::vector<bool> draw_posters(const SynthesisOptions& options) {
  Random random(derive_seed(options.seed, Stream::posters));
  auto wanted = static_cast<std::size_t>(
      std::llround(options.poster_share * static_cast<double>(options.items)));
  std::vector<bool> has_poster(options.items);
  for (std::size_t item = 0; item < options.items; ++item) {
    has_poster[item] = random.below(options.items - item) < wanted;
    wanted -= has_poster[item] ? 1 : 0;
  }
  return has_poster;
}

}  // namespace

std::string SynthesisOptions::validate() const {
  const auto number = [](std::size_t n) { return std::to_string(n); };
  if (users == 0 || items == 0 || (tags == 0 && !posters)) {
    return "users, items and tags must be at least 1 each";
  }
  if (std::max(users, items) > UINT32_MAX / 2) {
    return "at most " + number(UINT32_MAX / 2) + " users or items can be numbered";
  }
  if (tags > tag_name_limit() && !posters) {
    return number(tags) + " tags are too many: there are names for " + number(tag_name_limit());
  }
  if (ratings < std::max(users, items)) {
    return number(ratings) + " ratings are too few: every user and every item gets at least one";
  }
  if (ratings > std::max({users * items / 2, users, items})) {
    return number(ratings) + " ratings are too many: at most half of the " + number(users * items) +
           " pairs of a user and an item can be rated";
  }
  if (!(poster_share >= 0.0 && poster_share <= 1.0)) {
    return "the share of items with a poster must be between 0 and 1";
  }
  if (!(content >= 0.0 && content <= 1.0)) {
    return "the strength of content must be between 0 and 1";
  }
  return {};
}

SyntheticData::SyntheticData(const SynthesisOptions& options) : options_(options) {
  Random fame_random(derive_seed(options.seed, Stream::fame));
  fame_.resize(options.items);
  std::generate(fame_.begin(), fame_.end(), [&] { return fame_random.normal(); });
  const Shown shown = options.posters ? show_posters() : imagine_tags();
  taste_ = std::make_unique<Taste>(shown.tag_fame, options.content,
                                   derive_seed(options.seed, Stream::taste));
  const std::vector<bool> has_poster = draw_posters(options);
  tags_.tag_count = shown.matrix.tag_count;
  for (std::size_t item = 0; item < options.items; ++item) {
    const auto tags = shown.matrix.tags_of(item);
    const auto weights = shown.matrix.weights_of(item);
    taste_->add_item(tags, weights);
    if (has_poster[item]) {
      tags_.tag.insert(tags_.tag.end(), tags.begin(), tags.end());
      tags_.weight.insert(tags_.weight.end(), weights.begin(), weights.end());
    }
    tags_.start.push_back(tags_.tag.size());
  }
  taste_->finish(fame_);
}

/// Any number of tags, and which item shows them how clearly.
SyntheticData::Shown SyntheticData::imagine_tags() {
  Random name_random(derive_seed(options_.seed, Stream::names));
  tag_names_ = make_tag_names(options_.tags, name_random);
  Random shown_random(derive_seed(options_.seed, Stream::shown));
  Shown shown = {.matrix = {.tag_count = options_.tags},
                 .tag_fame = std::vector<double>(options_.tags)};
  std::generate(shown.tag_fame.begin(), shown.tag_fame.end(),
                [&] { return std::exp(kTagSpread * shown_random.normal()); });
  Incidence incidence = draw_shown(options_, shown.tag_fame, shown_random);
  Random weight_random(derive_seed(options_.seed, Stream::weights));
  for (std::size_t item = 0; item < options_.items; ++item) {
    for (const std::uint32_t tag : incidence.next_row()) {
      shown.matrix.tag.push_back(tag);
      shown.matrix.weight.push_back(draw_weight(weight_random));
    }
    shown.matrix.start.push_back(shown.matrix.tag.size());
  }
  return shown;
}

/// What the posters' scenes show.
SyntheticData::Shown SyntheticData::show_posters() {
  tag_names_.assign(kPosterTags.begin(), kPosterTags.end());
  Shown shown = {.matrix = {.tag_count = kPosterTags.size()},
                 .tag_fame = std::vector<double>(kPosterTags.size())};
  for (std::uint32_t item = 0; item < options_.items; ++item) {
    for (const std::uint32_t tag : poster_tags(poster(item))) {
      shown.matrix.tag.push_back(tag);
      shown.matrix.weight.push_back(1.0F);
      shown.tag_fame[tag] += 1.0;
    }
    shown.matrix.start.push_back(shown.matrix.tag.size());
  }
  return shown;
}

PosterScene SyntheticData::poster(std::uint32_t item) const {
  const std::uint64_t scenes = derive_seed(options_.seed, Stream::scenes);
  PosterScene scene = make_poster_scene(derive_seed(scenes, item));
  if (!scene.title.empty()) {
    scene.title = title(item);
  }
  return scene;
}

SyntheticData::~SyntheticData() = default;

void SyntheticData::visit_ratings(const Visitor& visit) const {
  Random size_random(derive_seed(options_.seed, Stream::sizes));
  // Where half of everything is rated, the largest users must rate more than elsewhere.
  const auto items = static_cast<double>(options_.items);
  const double mean = static_cast<double>(options_.ratings) / static_cast<double>(options_.users);
  const auto cap = static_cast<std::size_t>(
      std::min(items, std::ceil(std::max(kLargestUser * items, 2.0 * mean))));
  std::vector<double> item_weights(options_.items);
  std::transform(fame_.begin(), fame_.end(), item_weights.begin(), item_weight);
  Incidence pairs(draw_sizes(options_.users, options_.ratings, cap, kUserSpread, size_random),
                  item_weights, derive_seed(options_.seed, Stream::pairs));
  Random random(derive_seed(options_.seed, Stream::opinions));
  for (std::uint32_t user = 0; user < options_.users; ++user) {
    const SyntheticUser drawn = Taste::draw_user(random);
    for (const std::uint32_t item : pairs.next_row()) {
      visit(user, item, taste_->draw_opinion(drawn, item, random));
    }
  }
}

std::string SyntheticData::title(std::uint32_t item) const {
  return make_title(item, derive_seed(options_.seed, Stream::names));
}

}  // namespace balse
