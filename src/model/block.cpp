#include "balse/model/block.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

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

void Reasons::add(const Term& term) {
  if (term.value != 0.0) {
    terms.push_back(term);
  }
}

void Reasons::add(double weight, const Reasons& other) {
  constant += weight * other.constant;
  for (const Term& term : other.terms) {
    const auto same = std::find_if(terms.begin(), terms.end(), [&](const Term& mine) {
      return mine.of == term.of && mine.index == term.index;
    });
    if (same == terms.end()) {
      Term scaled = term;
      scaled.coefficient *= weight;
      scaled.value *= weight;
      scaled.deviation *= std::abs(weight);
      add(scaled);
    } else {
      same->coefficient += weight * term.coefficient;
      same->value += weight * term.value;
      same->deviation += std::abs(weight) * term.deviation;
    }
  }
}

double Reasons::total() const {
  double sum = constant;
  for (const Term& term : terms) {
    sum += term.value;
  }
  return sum;
}

Reasons Block::reasons(std::uint32_t /*user*/, std::uint32_t /*item*/) const {
  return {};
}

std::vector<Term> Block::taste(std::uint32_t /*user*/,
                               std::span<const std::uint32_t> /*rated*/) const {
  return {};
}

std::vector<double> Block::factor_shares(std::uint32_t /*user*/, std::uint32_t /*item*/,
                                         const RatedItems& /*rated*/) const {
  return {};
}

double Block::deviation(std::uint32_t /*user*/, std::uint32_t /*item*/) const {
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace balse
