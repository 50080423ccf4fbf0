#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "balse/data/id_index.hpp"
#include "balse/data/tags.hpp"
#include "balse/model/neighbours.hpp"
#include "balse/model/predictors.hpp"

namespace balse {

/// Texts one after another: text k is bytes start[k] .. start[k+1]-1. Empty where there are none.
struct TextsView {
  std::span<const std::uint64_t> start;  ///< texts + 1
  std::span<const std::uint8_t> bytes;

  std::size_t size() const { return start.empty() ? 0 : start.size() - 1; }
  /// "" beyond the last one.
  std::string_view operator[](std::size_t k) const {
    return k < size() ? std::string_view(reinterpret_cast<const char*>(bytes.data()) + start[k],
                                         start[k + 1] - start[k])
                      : std::string_view();
  }
};

/// Ratings, one a place. Few different ones are kept as bytes that say which it is.
struct RatingValuesView {
  std::span<const std::uint8_t> index;  ///< empty: `value` has a rating for every place
  std::span<const double> value;        ///< otherwise the different ones, ascending, at most 256

  bool empty() const { return value.empty(); }
  double operator[](std::size_t k) const { return index.empty() ? value[k] : value[index[k]]; }
  /// The values of `count` places from `first` on; nothing where there are none.
  void append_to(std::vector<double>& values, std::size_t first, std::size_t count) const;
};

/// What `fit` leaves behind and predict, recommend and explain work from. The numbers lie
/// elsewhere: in a mapped model file (ModelFile), or in what was just fitted. Items and users may
/// outnumber the rows of factors and counts: those are unseen, known by their tags or features
/// alone.
struct TrainedModel {
  IdIndex users;
  IdIndex items;
  IdIndex tags;
  IdIndex user_features;  ///< those of users that the model has learned from; empty without any
  ModelData data;
  FittedParameters parameters;
  Parameters neighbours;  ///< see Neighbours; empty where none were learned
  Clipping clipping;

  // What each user has rated: items ascending, as compressed rows.
  std::span<const std::uint64_t> rated_start;  ///< users + 1
  std::span<const std::uint32_t> rated_item;
  RatingValuesView rated_value;  ///< beside rated_item; empty in models of before it was kept

  TextsView titles;      ///< by item; empty where no works were given to fit
  TextsView categories;  ///< by item, as in "anime"

  bool has_tags() const { return data.tags.has_value(); }
  bool has_item_features() const { return data.item_features.columns > 0; }
  bool has(Model model) const { return !parameters[index_of(model)].empty(); }
  std::span<const std::uint32_t> rated_by(std::uint32_t user) const {
    return user + std::size_t{1} < rated_start.size()
               ? rated_item.subspan(rated_start[user], rated_start[user + 1] - rated_start[user])
               : std::span<const std::uint32_t>();
  }
  /// How the user rated what rated_by() lists; empty where the model does not say.
  std::vector<double> ratings_by(std::uint32_t user) const;
  /// Of a user without ratings.
  bool has_features_of(std::uint32_t user) const {
    return data.user_features && data.user_features->count(user) > 0;
  }
  std::uint32_t count_of_item(std::uint32_t item) const {
    const auto& counts = data.means.item_count;
    return item < counts.size() ? counts[item] : 0;
  }

  /// All blocks and blends of the model. *this must outlive them.
  Predictors predictors() const { return {data, parameters, clipping}; }
};

/// What add_item_tags() found, and the memory that the model's tags lie in from then on.
struct NewItems {
  TagMatrix matrix;
  std::size_t new_items = 0;     ///< items that the model did not have
  std::size_t known_items = 0;   ///< items that it had: the new tags replace theirs
  std::size_t unknown_tags = 0;  ///< tags that it does not have: ignored, no user has an opinion
};

/// Gives the model, which has tags, the tags of a file: of items it has never seen (a manga
/// announced today) and of items it has. The result must outlive the model's use.
NewItems add_item_tags(TrainedModel& model, const Tags& tags);

/// What add_user_features() found, and the memory that the features lie in from then on.
struct NewUsers {
  TagMatrix matrix;
  std::size_t new_users = 0;    ///< users that the model did not have
  std::size_t rated_users = 0;  ///< users whose ratings it knows: their features are passed over
  std::size_t unknown_features = 0;  ///< features that it does not have: ignored
};

/// Gives the model, which has learned from user features, those of users without ratings. The
/// result must outlive the model's use.
NewUsers add_user_features(TrainedModel& model, const Tags& features);

}  // namespace balse
