#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "balse/model/fold_in.hpp"

#include "support/sample_model.hpp"

namespace balse::test {

/// The ratings of one user of a sample, under another id.
inline Ratings ratings_of(const Ratings& all, const std::string& user, const std::string& id) {
  Ratings ratings;
  const std::uint32_t wanted = *all.users.find(user);
  for (std::size_t row = 0; row < all.size(); ++row) {
    if (all.user[row] == wanted) {
      ratings.user.push_back(ratings.users.insert(id));
      ratings.item.push_back(ratings.items.insert(all.items[all.item[row]]));
      ratings.value.push_back(all.value[row]);
    }
  }
  return ratings;
}

inline void add(Ratings& ratings, const std::string& user, const std::string& item, float value) {
  ratings.user.push_back(ratings.users.insert(user));
  ratings.item.push_back(ratings.items.insert(item));
  ratings.value.push_back(value);
}

/// What a user of a model has rated.
struct Rated {
  std::vector<std::uint32_t> items;
  Eigen::VectorXd values;
};

inline Rated rated_by(const TrainedModel& model, std::uint32_t user) {
  Rated rated;
  const auto items = model.rated_by(user);
  rated.items.assign(items.begin(), items.end());
  rated.values.resize(static_cast<Eigen::Index>(items.size()));
  for (std::size_t k = 0; k < items.size(); ++k) {
    rated.values[static_cast<Eigen::Index>(k)] =
        static_cast<double>(model.rated_value[model.rated_start[user] + k]);
  }
  return rated;
}

/// The whole sample, and a user who is new.
struct Folded {
  FullSampleModel sample;
  TrainedModel model;
  Ratings ratings;
  FoldedUsers users;
  std::uint32_t newcomer;

  explicit Folded(int threads = 1) : model(sample.model()) {
    ratings = ratings_of(sample.ratings, "u4", "somebody");
    add(ratings, "somebody", "i46", 5.0F);      // has tags and no ratings
    add(ratings, "somebody", "nothing", 2.0F);  // the model does not know it
    users = fold_in(model, ratings, sample.options.model, threads);
    newcomer = *model.users.find("somebody");
  }

  const Parameters& of(Model which) const { return model.parameters[index_of(which)]; }
};

}  // namespace balse::test
