#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/tags.hpp"
#include "balse/data/works_reader.hpp"
#include "balse/model/item_components.hpp"
#include "balse/model/trained_model.hpp"
#include "balse/model/training.hpp"

namespace balse {

/// A model that was just trained, ready to be written: training, ids, tags, what users have rated
/// and what items are called, put together. Items that only the tag file knows come after the rated
/// ones.
class FittedModel {
 public:
  /// The arguments are moved in and changed: ratings.items grows by the items of `tags`. `parts`
  /// are those of `training`, which had tags if and only if `tags` is there, and user features, of
  /// these names, if and only if `user_features` is no null pointer. The same of
  /// `item_features`, of which the training had the first `components`.
  FittedModel(Ratings ratings, std::span<const Part> parts, Training training,
              const std::optional<Tags>& tags, const std::optional<Works>& works,
              const BalseOptions& options, const IdIndex* user_features = nullptr,
              const ItemComponents* item_features = nullptr, std::size_t components = 0);
  FittedModel(const FittedModel&) = delete;
  FittedModel& operator=(const FittedModel&) = delete;

  /// Learns which items are neighbours from what has been rated.
  void learn_neighbours(const NeighbourOptions& options, int threads);

  const TrainedModel& model() const { return model_; }
  const NeighbourSummary& neighbour_summary() const { return neighbour_summary_; }
  const Training& training() const { return training_; }

 private:
  struct Texts {
    std::vector<std::uint64_t> start = {0};
    std::vector<std::uint8_t> bytes;
  };

  void collect_rated(const Ratings& ratings, std::span<const Part> parts);
  void keep_values(const std::vector<float>& values);
  TextsView collect_texts(const Works& works, const std::vector<std::string>& texts);

  Training training_;
  TagMatrix tags_;
  FeatureMatrix item_features_;
  std::vector<std::uint64_t> rated_start_;
  std::vector<std::uint32_t> rated_item_;
  std::vector<std::uint8_t> rated_value_index_;
  std::vector<double> rated_value_;
  std::deque<Texts> texts_;
  NeighbourSummary neighbour_summary_;
  TrainedModel model_;
};

/// What today's training starts from: the parameters of `old` for the users, items and tags of
/// today, by id (`tags` is null where there are none); what it does not have are what a fit with
/// `options` begins with. Empty for blocks that it does not have, or whose shape it does not fit
/// (see misfit_of()).
FittedParameters warm_start(const TrainedModel& old, const IdIndex& users, const IdIndex& items,
                            const IdIndex* tags, const BalseOptions& options);

/// Why a fit with these options cannot start from `old`: "ALS of rank 10 where 20 is asked for";
/// empty where all blocks can.
std::string misfit_of(const TrainedModel& old, const BalseOptions& options);

}  // namespace balse
