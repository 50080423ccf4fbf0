#include "balse/model/block.hpp"

#include <cstddef>

namespace balse {

std::string_view name_of(Fallback fallback) {
  switch (fallback) {
    case Fallback::none:
      return "none";
    case Fallback::unseen_item:
      return "unseen-item";
    case Fallback::unseen_user:
      return "unseen-user";
    case Fallback::unseen_both:
      return "unseen-both";
    case Fallback::no_tags:
      return "no-tags";
  }
  return "none";
}

void Block::predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                          std::span<double> out, PredictionScratch& /*scratch*/) const {
  for (std::size_t k = 0; k < items.size(); ++k) {
    out[k] = predict(user, items[k]);
  }
}

Reasons Block::reasons(std::uint32_t /*user*/, std::uint32_t /*item*/) const {
  return {};
}

std::vector<Term> Block::taste(std::uint32_t /*user*/) const {
  return {};
}

}  // namespace balse
