#include "model/blocks/vb/vb_features.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace balse {
namespace {

constexpr std::size_t kImplicitOfUsers = 24;

double popularity_of_a_rating(std::span<const std::uint32_t> item_counts) {
  double sum = 0.0;
  double count = 0.0;
  for (const std::uint32_t n : item_counts) {
    sum += static_cast<double>(n) * popularity(n);
    count += static_cast<double>(n);
  }
  return count > 0.0 ? sum / count : popularity(0);
}

}  // namespace

VbFeatures::VbFeatures(const TrainingSet& set, const Limits& limits, bool new_items)
    : set_(set),
      tags_(set.tags != nullptr ? &set.derived.components(*set.tags, limits.of_tags) : nullptr),
      implicit_(new_items ? nullptr : &set.derived.implicit(set.ratings, set.threads)),
      item_features_(set.item_features != nullptr
                         ? std::min(limits.of_item_features, set.item_features->columns)
                         : 0),
      unseen_popularity_(new_items ? popularity_of_a_rating(set.means.item_count) : popularity(0)) {
  if (set.user_features != nullptr) {
    user_features_.emplace(*set.user_features, set.means.user_count, limits.of_tags);
  }
}

FeatureColumns VbFeatures::of_items() const {
  const auto& counts = set_.means.item_count;
  const std::size_t similar = implicit_ != nullptr ? implicit_->count : 0;
  FeatureColumns rows(set_.ratings.items(), 2 + tag_count() + similar + item_features_);
  for (std::size_t item = 0; item < counts.size(); ++item) {
    rows.at(item, 0) = 1.0;
    rows.at(item, 1 + tag_count()) =
        counts[item] == 0 ? unseen_popularity_ : popularity(counts[item]);
  }
  if (tags_ != nullptr) {
    rows.set(1, tag_count(), tags_->scores);
  }
  if (implicit_ != nullptr) {
    rows.set(2 + tag_count(), similar, similarity_features(*implicit_, counts));
  }
  if (item_features_ > 0) {
    rows.set_leading(2 + tag_count() + similar, item_features_, set_.item_features->values,
                     set_.item_features->columns);
  }
  return rows;
}

std::size_t VbFeatures::implicit_of_users() const {
  return implicit_ != nullptr ? std::min(kImplicitOfUsers, implicit_->count) : 0;
}

FeatureColumns VbFeatures::of_users(std::vector<FeatureColumns::Spread>& spreads) const {
  const auto& counts = set_.means.user_count;
  const std::size_t implicit = implicit_of_users();
  const std::size_t of_ratings = 2 + implicit + tag_count();
  const std::size_t own = user_features_ ? user_features_->count() : 0;
  FeatureColumns rows(set_.ratings.users(), of_ratings + own);
  const std::vector<double> usual = usual_tags();
  for (std::size_t user = 0; user < set_.ratings.users(); ++user) {
    rows.at(user, 0) = 1.0;
    rows.at(user, 1) = std::log1p(static_cast<double>(counts[user]));
    for (std::size_t k = 0; k < implicit; ++k) {
      rows.at(user, 2 + k) = implicit_->users[user * implicit_->count + k] * implicit_->singular[k];
    }
    for (const std::uint32_t item : set_.ratings.by_user.indices_of(user)) {
      for (std::size_t k = 0; k < tag_count(); ++k) {
        rows.at(user, 2 + implicit + k) += (tags_->scores[item * tag_count() + k] - usual[k]) /
                                           (static_cast<double>(counts[user]) + kAverageItems);
      }
    }
  }
  spreads.assign(rows.columns(), {});
  for (std::size_t column = 1; column < of_ratings; ++column) {
    const auto [mean, deviation] = rows.spread(column, counts, FeatureColumns::Each::row);
    const double centre = column == 1 ? mean : 0.0;  // the others lie around 0 as they are
    spreads[column] = {.mean = centre, .deviation = std::max(deviation, 1e-9)};
    for (std::size_t user = 0; user < counts.size(); ++user) {
      double& value = rows.at(user, column);
      value = counts[user] == 0 ? 0.0 : (value - centre) / spreads[column].deviation;
    }
  }
  for (std::size_t k = 0; k < own; ++k) {
    for (std::size_t user = 0; user < counts.size(); ++user) {
      rows.at(user, of_ratings + k) = user_features_->value(user, k);
    }
  }
  return rows;
}

std::vector<double> VbFeatures::usual_tags() const {
  std::vector<double> usual(tag_count());
  double count = 0.0;
  for (std::size_t item = 0; item < set_.ratings.items(); ++item) {
    const auto n = static_cast<double>(set_.means.item_count[item]);
    count += n;
    for (std::size_t k = 0; k < tag_count(); ++k) {
      usual[k] += n * tags_->scores[item * tag_count() + k];
    }
  }
  for (double& value : usual) {
    value /= std::max(count, 1.0);
  }
  return usual;
}

}  // namespace balse
