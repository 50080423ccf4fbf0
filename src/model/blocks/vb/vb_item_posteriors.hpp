#pragma once

#include <cstdint>
#include <span>

#include "balse/model/parameters.hpp"
#include "balse/model/rating_means.hpp"

#include "model/blocks/vb/vb_block.hpp"
#include "model/blocks/vb/vb_item_prior.hpp"
#include "model/blocks/vb/vb_moments.hpp"

namespace balse {

/// Whether the model holds what the posterior of a user is made of.
bool has_user_posteriors(const VbArrays& arrays, const Parameters& parameters);

/// The posteriors of these items, in their order, their correlations as exact as the model holds
/// them; of an item that the fit has not seen, its prior. Only where has_user_posteriors().
VbMoments item_posteriors(const VbArrays& arrays, const Parameters& parameters,
                          const VbItemPrior& prior, const RatingMeansView& means,
                          std::span<const std::uint32_t> items, int threads);

}  // namespace balse
