#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "balse/model/trained_model.hpp"

namespace balse::test {

/// An ALS model of rank 1 small enough to be ranked by hand: a user's factor times an item's and
/// the user's offset. Ratings are from 1 to 5, 3 on average.
struct HandMadeModel {
  std::vector<std::string> users;
  std::vector<std::string> items;
  std::vector<double> user_mean;
  std::vector<std::uint32_t> user_count;
  std::vector<double> item_mean;
  std::vector<std::uint32_t> item_count;
  std::vector<std::uint64_t> rated_start;
  std::vector<std::uint32_t> rated_item;
  TrainedModel model;

  HandMadeModel() = default;
  HandMadeModel(const HandMadeModel&) = delete;
  HandMadeModel& operator=(const HandMadeModel&) = delete;

  /// Makes `model` of what stands above.
  void put_together(std::vector<double> user_factor, std::vector<double> item_factor,
                    std::vector<double> user_offset) {
    for (const std::string& user : users) {
      model.users.insert(user);
    }
    for (const std::string& item : items) {
      model.items.insert(item);
    }
    RatingMeansView& means = model.data.means;
    means.global = 3.0;
    means.lowest = 1.0;
    means.highest = 5.0;
    means.user = user_mean;
    means.item = item_mean;
    means.user_count = user_count;
    means.item_count = item_count;
    model.clipping = {.what = Clip::lasso, .range = {.low = 1.0, .high = 5.0}};
    model.rated_start = rated_start;
    model.rated_item = rated_item;
    Parameters& als = model.parameters[index_of(Model::als)];
    als.add(AlsBlock::kUserFactors, std::move(user_factor), 1);
    als.add(AlsBlock::kItemFactors, std::move(item_factor), 1);
    als.add(AlsBlock::kUserOffset, std::move(user_offset));
  }
};

}  // namespace balse::test
