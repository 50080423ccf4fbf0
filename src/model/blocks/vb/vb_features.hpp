#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "balse/model/derived_features.hpp"
#include "balse/model/training_set.hpp"

#include "model/features/feature_columns.hpp"
#include "model/features/user_features.hpp"

namespace balse {

/// Items of the usual tags that every user is taken to have rated besides.
inline constexpr double kAverageItems = 5.0;

/// What the priors of variational Bayes are linear in.
class VbFeatures {
 public:
  struct Limits {
    std::size_t of_tags = 0;  ///< columns; as many of user features
    std::size_t of_item_features = 0;
  };

  /// With `new_items` nothing that an item without ratings cannot have but its tags and features,
  /// and of popularity that of an average rating's item. `set` must outlive it.
  VbFeatures(const TrainingSet& set, const Limits& limits, bool new_items);

  /// Null without tags.
  const TagComponents* tags() const { return tags_; }
  std::size_t tag_count() const { return tags_ != nullptr ? tags_->count : 0; }
  /// Nothing where there are no user features.
  const std::optional<UserFeatureColumns>& user_features() const { return user_features_; }
  /// That an item without ratings is taken to have.
  double unseen_popularity() const { return unseen_popularity_; }

  /// Columns of items' features; 0 where there are none.
  std::size_t item_features() const { return item_features_; }

  /// [1, tags, popularity, similarity, features]
  FeatureColumns of_items() const;
  /// [1, number of ratings, what they rate, the tags of that, user features]; of a user without
  /// ratings all but the first and the last are those of an average user, 0.
  /// `spreads` is given what every column but the last was standardised by.
  FeatureColumns of_users(std::vector<FeatureColumns::Spread>& spreads) const;

  const TrainingSet& set() const { return set_; }
  /// Null with new_items.
  const ImplicitSvd* implicit() const { return implicit_; }
  /// Columns of of_users() that say what they rate.
  std::size_t implicit_of_users() const;
  /// Of an average rating's item.
  std::vector<double> usual_tags() const;

 private:
  const TrainingSet& set_;
  const TagComponents* tags_;
  const ImplicitSvd* implicit_;  // null with new_items
  std::optional<UserFeatureColumns> user_features_;
  std::size_t item_features_;
  double unseen_popularity_;
};

}  // namespace balse
