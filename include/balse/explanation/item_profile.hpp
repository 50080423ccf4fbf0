#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "balse/model/trained_model.hpp"

namespace balse {

/// One tag of an item, as a tagger found it on the poster (paper, figure 2), and what it is worth.
struct ItemTag {
  std::uint32_t tag = 0;
  double weight = 0.0;       ///< T_jk
  double coefficient = 0.0;  ///< of the user, rating points for a weight of 1
  double value = 0.0;        ///< weight times coefficient
  /// Of all users' coefficients for this item, those that are zero as well; NaN where it was not
  /// asked for, or nobody's taste is known.
  double mean_coefficient = std::numeric_limits<double>::quiet_NaN();
};

/// All tags of an item, the strongest first, equal ones in the order of the tags; with what the
/// model that speaks of tags says of them for this user (see contributions_of()).
std::vector<ItemTag> item_tags(const TrainedModel& model, const Predictors& predictors,
                               std::uint32_t user, std::uint32_t item);

/// What the model knows of an item, whoever asks.
struct ItemProfile {
  std::uint32_t ratings = 0;                               ///< in the model
  double mean = std::numeric_limits<double>::quiet_NaN();  ///< of these; NaN where there are none
  double prediction = 0.0;  ///< of the best model, for a user of whom nothing is known
  Fallback fallback = Fallback::none;
  std::size_t users = 0;      ///< that the mean coefficients are of
  std::vector<ItemTag> tags;  ///< those of such a user
};

/// Asks for every user what the tags are worth to them, on so many threads (0: all processors); the
/// same bits at any number.
ItemProfile profile_of(const TrainedModel& model, const Predictors& predictors, std::uint32_t item,
                       int threads = 0);

}  // namespace balse
