#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/support/random.hpp"
#include "balse/synthesis/synthesize.hpp"

namespace balse {

/// The dimensions in which tastes differ. Few, so that a factorization of rank 10 finds what there
/// is and rank 20 is no better, as on Mangaki.
inline constexpr std::size_t kTastes = 6;

/// A user, drawn once, before the user's first rating. All standard normal.
struct SyntheticUser {
  std::array<float, kTastes> likes;
  double kindness;   ///< towards what was seen
  double curiosity;  ///< towards what was not
  double diligence;  ///< how much of what is rated was seen
};

/// What decides the opinions: a latent factor model whose item side is partly a linear function of
/// the tags. What was seen is judged by the item's merits, what was not seen by its poster.
class Taste {
 public:
  /// `tag_fame`: how often each tag is shown, in any unit.
  Taste(const std::vector<double>& tag_fame, double content, std::uint64_t seed);

  /// Items in ascending order, by what their pictures show (also where the data set hides it).
  void add_item(std::span<const std::uint32_t> tags, std::span<const float> weights);
  /// Once, after the last item; `fame` is standard normal.
  void finish(const std::vector<double>& fame);

  static SyntheticUser draw_user(Random& random);
  Opinion draw_opinion(const SyntheticUser& user, std::uint32_t item, Random& random) const;

 private:
  /// Standard normal over the items, each entry.
  struct Character {
    std::array<float, kTastes> traits;  ///< matched with a user's likes
    float quality;                      ///< all users agree on it
  };

  double content_;
  Random random_;
  std::vector<Character> tag_effects_;
  std::vector<Character> merits_;       // by item
  std::vector<Character> impressions_;  // by item
};

}  // namespace balse
