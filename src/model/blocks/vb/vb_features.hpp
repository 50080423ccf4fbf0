#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "balse/model/derived_features.hpp"
#include "balse/model/training_set.hpp"

#include "model/features/feature_columns.hpp"
#include "model/features/user_features.hpp"

namespace balse {

/// What the priors of variational Bayes are linear in.
class VbFeatures {
 public:
  /// With `new_items` nothing that an item without ratings cannot have but its tags, and of
  /// popularity that of an average rating's item. `components` limits the columns of tags, and
  /// those of user features. `set` must outlive it.
  VbFeatures(const TrainingSet& set, std::size_t components, bool new_items);

  /// Null without tags.
  const TagComponents* tags() const { return tags_; }
  std::size_t tag_count() const { return tags_ != nullptr ? tags_->count : 0; }
  /// Nothing where there are no user features.
  const std::optional<UserFeatureColumns>& user_features() const { return user_features_; }
  /// That an item without ratings is taken to have.
  double unseen_popularity() const { return unseen_popularity_; }

  /// [1, tags, popularity, similarity]
  FeatureColumns of_items() const;
  /// [1, number of ratings, what they rate, the tags of that, user features]; of a user without
  /// ratings all but the first and the last are those of an average user, 0.
  FeatureColumns of_users() const;

 private:
  std::vector<double> usual_tags() const;

  const TrainingSet& set_;
  const TagComponents* tags_;
  const ImplicitSvd* implicit_;  // null with new_items
  std::optional<UserFeatureColumns> user_features_;
  double unseen_popularity_;
};

}  // namespace balse
