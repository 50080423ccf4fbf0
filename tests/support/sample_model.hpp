#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "balse/model/fitted_model.hpp"
#include "balse/model/model_file.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/random.hpp"

namespace balse::test {

/// A small model trained on made-up data: users u0 .. u29, items i0 .. i49 (the last five rated by
/// nobody, three of them with tags), tags t0 .. t11; i3 has no tags.
struct SampleModel {
  Ratings ratings;
  Tags tags;
  std::vector<Part> parts;
  TrainingOptions options;
  std::unique_ptr<FittedModel> fitted;

  explicit SampleModel(bool with_tags = true, std::uint64_t seed = 1,
                       const std::vector<Model>& models = {}) {
    Random random(seed);
    constexpr std::uint32_t kUsers = 30;
    constexpr std::uint32_t kRated = 45;
    constexpr std::uint32_t kItems = 50;
    constexpr std::uint32_t kTags = 12;
    for (std::uint32_t user = 0; user < kUsers; ++user) {
      ratings.users.insert("u" + std::to_string(user));
      for (std::uint32_t item = 0; item < kRated; ++item) {
        if (random.uniform() < 0.4) {
          ratings.user.push_back(user);
          ratings.item.push_back(ratings.items.insert("i" + std::to_string(item)));
          ratings.value.push_back(static_cast<float>(1 + random.below(5)));
        }
      }
    }
    for (std::uint32_t tag = 0; tag < kTags; ++tag) {
      tags.names.insert("t" + std::to_string(tag));
    }
    tags.matrix.tag_count = kTags;
    for (std::uint32_t item = 0; item < kItems - 2; ++item) {
      if (item == 3) {
        continue;
      }
      tags.items.insert("i" + std::to_string(item));
      for (std::uint32_t tag = 0; tag < kTags; ++tag) {
        if (random.uniform() < 0.3) {
          tags.matrix.tag.push_back(tag);
          tags.matrix.weight.push_back(static_cast<float>(random.uniform()));
        }
      }
      tags.matrix.start.push_back(tags.matrix.tag.size());
    }
    parts.assign(ratings.size(), Part::train);
    for (std::size_t row = 0; row < parts.size(); row += 4) {
      parts[row] = Part::validation;
    }
    options.model.als.rank = 3;
    options.models = models;
    options.cold_items = ColdItems::new_items;
    options.threads = 1;
    const TagMatrix aligned = align_tags(tags, ratings.items);
    fitted = std::make_unique<FittedModel>(
        ratings, parts, train(ratings, with_tags ? &aligned : nullptr, parts, options),
        with_tags ? std::optional<Tags>(tags) : std::nullopt, std::nullopt, options.model);
  }

  const TrainedModel& model() const { return fitted->model(); }

  void write(const std::string& path) const {
    AtomicFile file(path);
    write_model(file, model(), {{"created", "today"}});
    file.commit();
  }
};

/// With every block and blend that there is.
struct FullSampleModel : SampleModel {
  FullSampleModel() : SampleModel(true, 1, {kModels.begin(), kModels.end()}) {}
};

}  // namespace balse::test
