#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "balse/model/fitted_model.hpp"
#include "balse/model/item_components.hpp"
#include "balse/support/random.hpp"

namespace balse::test {

inline IdIndex numbered_ids(std::uint32_t count) {
  IdIndex index;
  for (std::uint32_t k = 0; k < count; ++k) {
    index.insert("i" + std::to_string(k));
  }
  return index;
}

/// Items i1, i2, ... without every seventh, each of a few directions and noise.
inline ItemFeatures features_of(std::uint32_t items, std::size_t columns) {
  Random random(12);
  ItemFeatures features{.items = {}, .columns = columns, .values = {}};
  std::vector<std::vector<double>> directions(6, std::vector<double>(columns));
  for (auto& direction : directions) {
    for (double& value : direction) {
      value = random.normal();
    }
  }
  for (std::uint32_t item = 0; item < items; ++item) {
    if (item % 7 == 0) {
      continue;
    }
    features.items.insert("i" + std::to_string(item));
    std::vector<double> row(columns);
    for (std::size_t d = 0; d < directions.size(); ++d) {
      const double size = random.normal() / static_cast<double>(1 + d);
      for (std::size_t k = 0; k < columns; ++k) {
        row[k] += size * directions[d][k];
      }
    }
    for (const double value : row) {
      features.values.push_back(static_cast<float>(3.0 + value + 0.1 * random.normal()));
    }
  }
  return features;
}

/// Users like items whose first feature is like them; tags say nothing of it.
struct FeaturedSample {
  static constexpr std::uint32_t kUsers = 60;
  static constexpr std::uint32_t kRated = 70;
  static constexpr std::uint32_t kItems = 80;  // the last ones are rated by nobody, but tagged
  static constexpr std::size_t kComponents = 4;

  Ratings ratings;
  Tags tags;
  std::vector<Part> parts;
  TrainingOptions options;
  ItemFeatures features = features_of(kItems, 10);
  std::unique_ptr<FittedModel> fitted;

  FeaturedSample() {
    Random random(5);
    for (std::uint32_t item = 0; item < kRated; ++item) {
      ratings.items.insert("i" + std::to_string(item));
    }
    tags.names.insert("even");
    tags.names.insert("third");
    tags.matrix.tag_count = 2;
    for (std::uint32_t item = 0; item < kItems; ++item) {
      tags.items.insert("i" + std::to_string(item));
      for (const std::uint32_t tag : {0U, 1U}) {
        if (item % (tag + 2) == 0) {
          tags.matrix.tag.push_back(tag);
          tags.matrix.weight.push_back(1.0F);
        }
      }
      tags.matrix.start.push_back(tags.matrix.tag.size());
    }
    const ItemComponents components(features, ratings.items);
    const FeatureMatrix known = components.of(ratings.items, kComponents);
    for (std::uint32_t user = 0; user < kUsers; ++user) {
      ratings.users.insert("u" + std::to_string(user));
      const double likes = random.normal();
      for (std::uint32_t item = 0; item < kRated; ++item) {
        if (random.uniform() < 0.5) {
          ratings.user.push_back(user);
          ratings.item.push_back(item);
          ratings.value.push_back(static_cast<float>(
              3.0 + likes * known.values[item * kComponents] + 0.2 * random.normal()));
          parts.push_back(parts.size() % 4 == 0 ? Part::validation : Part::train);
        }
      }
    }
    options.models = {kModels.begin(), kModels.end()};
    options.cold_items = ColdItems::new_items;
    options.threads = 1;
    options.model.vb.feature_components = 3;  // fewer than there are
    options.model.mixed.feature_components = 2;
    const TagMatrix aligned = align_tags(tags, ratings.items);
    Training training = train(ratings, {&aligned, nullptr, &known}, parts, options);
    fitted = std::make_unique<FittedModel>(ratings, parts, std::move(training), tags, std::nullopt,
                                           options.model, nullptr, &components, kComponents);
  }

  const TrainedModel& model() const { return fitted->model(); }
};

}  // namespace balse::test
