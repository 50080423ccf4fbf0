#include <deque>
#include <string>
#include <vector>

#include "balse/model/model_file.hpp"

#include "model/model_tensors.hpp"
#include "model/sound_numbers.hpp"

namespace balse {
namespace {

class ModelWriter {
 public:
  explicit ModelWriter(const TrainedModel& model) : model_(model) {}

  void write(AtomicFile& file, const std::map<std::string, std::string>& metadata) {
    for (const auto& [name, value] : metadata) {
      writer_.set_metadata(name, value);
    }
    writer_.set_metadata(key::kFormat, kModelFormat);
    writer_.set_metadata(key::kFormatVersion, model_.has_item_features() ? "2" : "1");
    writer_.set_metadata(key::kClip,
                         std::string(kClipWords[static_cast<std::size_t>(model_.clipping.what)]));
    writer_.set_metadata(
        key::kUnseenUsers,
        std::string(kUnseenUsersWords[static_cast<std::size_t>(model_.data.unseen_users)]));
    add_ids(tensor::kUserIds, model_.users);
    add_ids(tensor::kItemIds, model_.items);
    add_means(model_.data.means);
    add_numbers(tensor::kClip, {model_.clipping.range.low, model_.clipping.range.high});
    writer_.add(tensor::kRatedStart, model_.rated_start);
    writer_.add(tensor::kRatedItem, model_.rated_item);
    add_rated_values(model_.rated_value);
    add_texts(tensor::kTitles, model_.titles);
    add_texts(tensor::kCategories, model_.categories);
    if (model_.has_tags()) {
      add_tags(*model_.data.tags);
    }
    if (model_.user_features.size() > 0) {
      add_ids(tensor::kUserFeatureNames, model_.user_features);
    }
    if (model_.has_item_features()) {
      const MatrixView& features = model_.data.item_features;
      if (!all_sound(features.values)) {
        fail_unsound(tensor::kItemFeatures);
      }
      writer_.add(tensor::kItemFeatures, {features.rows, features.columns}, features.values);
    }
    add_blocks();
    model_.neighbours.write(writer_);
    writer_.write(file);
  }

 private:
  void add_tags(const TagMatrixView& tags) {
    add_ids(tensor::kTagNames, model_.tags);
    writer_.add(tensor::kTagsStart, tags.start);
    writer_.add(tensor::kTagsTag, tags.tag);
    add_checked(tensor::kTagsWeight, tags.weight);
  }

  void add_blocks() {
    std::string blocks;
    std::string blends;
    for (const ModelKind* kind : model_kinds()) {
      if (model_.has(kind->model)) {
        model_.parameters[index_of(kind->model)].write(writer_);
        std::string& names = index_of(kind->model) < block_kinds().size() ? blocks : blends;
        names += (names.empty() ? "" : " ") + std::string(kind->name);
      }
    }
    writer_.set_metadata(key::kBlocks, blocks);
    writer_.set_metadata(key::kBlends, blends);
  }

  void add_means(const RatingMeansView& means) {
    add_numbers(tensor::kGlobal, {means.global, means.lowest, means.highest});
    add_checked(tensor::kUserMean, means.user);
    writer_.add(tensor::kUserCount, means.user_count);
    add_checked(tensor::kItemMean, means.item);
    writer_.add(tensor::kItemCount, means.item_count);
  }

  void add_rated_values(const RatingValuesView& values) {
    if (!values.empty()) {
      add_checked(tensor::kRatedValue, values.value);
    }
    if (!values.index.empty()) {
      writer_.add(tensor::kRatedValueIndex, values.index);
    }
  }

  template <typename T>
  void add_checked(const char* name, std::span<const T> numbers) {
    if (!all_sound(numbers)) {
      fail_unsound(name);
    }
    writer_.add(name, numbers);
  }

  void add_numbers(const char* name, std::vector<double> values) {
    numbers_.push_back(std::move(values));
    add_checked(name, std::span<const double>(numbers_.back()));
  }

  void add_ids(const std::string& name, const IdIndex& ids) {
    starts_.push_back({0});
    texts_.emplace_back();
    for (std::uint32_t k = 0; k < ids.size(); ++k) {
      const std::string_view id = ids[k];
      texts_.back().insert(texts_.back().end(), id.begin(), id.end());
      starts_.back().push_back(texts_.back().size());
    }
    add_texts(name, {.start = starts_.back(), .bytes = texts_.back()});
  }

  void add_texts(const std::string& name, const TextsView& texts) {
    if (texts.size() > 0 || !texts.start.empty()) {
      writer_.add(name + ".start", texts.start);
      writer_.add(name + ".bytes", texts.bytes);
    }
  }

  const TrainedModel& model_;
  SafetensorsWriter writer_;
  // What is made here must stay where it is until it is written; a deque does not move its
  // elements.
  std::deque<std::vector<double>> numbers_;
  std::deque<std::vector<std::uint64_t>> starts_;
  std::deque<std::vector<std::uint8_t>> texts_;
};

}  // namespace

void write_model(AtomicFile& file, const TrainedModel& model,
                 const std::map<std::string, std::string>& metadata) {
  ModelWriter(model).write(file, metadata);
}

}  // namespace balse
