#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include "balse/model/model_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

#include "model/fitting_tensors.hpp"
#include "model/model_tensors.hpp"
#include "model/sound_numbers.hpp"

namespace balse {
namespace {

/// Turns checked tensors into a model, and refuses those that do not fit each other: whoever
/// predicts may index without looking.
class ModelReader {
 public:
  explicit ModelReader(const SafetensorsReader& file) : file_(file) {}

  TrainedModel read() {
    check_format();
    check_data();
    TrainedModel model;
    read_ids(tensor::kUserIds, model.users);
    read_ids(tensor::kItemIds, model.items);
    read_means(model, model.data.means);
    model.clipping.what = word_of<Clip>(key::kClip, kClipWords);
    model.data.unseen_users = word_of<UnseenUsers>(key::kUnseenUsers, kUnseenUsersWords);
    const auto clip = numbers(tensor::kClip, 2);
    model.clipping.range = {.low = clip[0], .high = clip[1]};
    if (!(clip[0] <= clip[1])) {
      misfit(file_, tensor::kClip);
    }
    model.rated_item = file_.vector<std::uint32_t>(tensor::kRatedItem);
    model.rated_start =
        offsets_of(file_, tensor::kRatedStart, model.users.size(), model.rated_item.size());
    check_below(file_, tensor::kRatedItem, model.rated_item, model.items.size());
    model.rated_value = rated_values(model.rated_item.size());
    model.titles = texts(tensor::kTitles);
    model.categories = texts(tensor::kCategories);
    if (file_.has(tensor::kTagsStart)) {
      read_tags(model);
    }
    read_ids(tensor::kUserFeatureNames, model.user_features);
    read_item_features(model);
    read_blocks(model);
    return model;
  }

 private:
  void check_format() const {
    const auto& metadata = file_.metadata();
    const auto format = metadata.find(key::kFormat);
    if (format == metadata.end() || format->second != kModelFormat) {
      file_.fail("is a safetensors file, but no balse model", "a file that balse fit wrote");
    }
    const auto found = metadata.find(key::kFormatVersion);
    const std::string text = found == metadata.end() ? "" : found->second;
    int version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    const bool huge = error == std::errc::result_out_of_range && !text.starts_with('-');
    if (!huge && (error != std::errc() || end != text.data() + text.size() || version < 1)) {
      file_.fail("is damaged: its format version is " + shorten(text));
    }
    if (huge || version > kModelFormatVersion) {
      file_.fail("is of format version " + text + ", and this program knows versions up to " +
                     std::to_string(kModelFormatVersion),
                 "a newer balse, or balse fit");
    }
    if (!file_.has_checksums()) {
      file_.fail("is damaged: it has no checksums", "balse fit again");
    }
  }

  // A flipped bit is a wrong prediction with exit code 0, or one that is no number.
  void check_data() const {
    if (!file_.data_is_intact()) {
      file_.fail("is damaged: its tensors do not match their checksum",
                 "the file before it was changed, or balse fit again");
    }
    for (const auto& [name, tensor] : file_.tensors()) {
      const bool sound =
          tensor.dtype == Dtype::f64   ? all_sound(SafetensorsReader::elements<double>(tensor))
          : tensor.dtype == Dtype::f32 ? all_sound(SafetensorsReader::elements<float>(tensor))
                                       : true;
      if (!sound) {
        file_.fail("is damaged: tensor " + name +
                   " holds a number that is not finite, or too large for any model");
      }
    }
  }

  std::span<const double> numbers(const char* name, std::size_t count) const {
    const auto values = file_.vector<double>(name);
    if (values.size() != count) {
      misfit(file_, name);
    }
    return values;
  }

  template <typename T>
  std::span<const T> rows(const char* name, std::size_t count) const {
    const auto values = file_.vector<T>(name);
    if (values.size() != count) {
      misfit(file_, name);
    }
    return values;
  }

  RatingValuesView rated_values(std::size_t ratings) const {
    RatingValuesView view;
    if (!file_.has(tensor::kRatedValue)) {
      return view;
    }
    view.value = file_.vector<double>(tensor::kRatedValue);
    if (!file_.has(tensor::kRatedValueIndex)) {
      if (view.value.size() != ratings) {
        misfit(file_, tensor::kRatedValue);
      }
      return view;
    }
    view.index = rows<std::uint8_t>(tensor::kRatedValueIndex, ratings);
    for (const std::uint8_t index : view.index) {
      if (index >= view.value.size()) {
        misfit(file_, tensor::kRatedValueIndex);
      }
    }
    return view;
  }

  TextsView texts(const std::string& name) const {
    if (!file_.has(name + ".start")) {
      return {};
    }
    TextsView view;
    view.bytes = file_.vector<std::uint8_t>(name + ".bytes");
    const std::size_t offsets = file_.vector<std::uint64_t>(name + ".start").size();
    if (offsets == 0) {
      misfit(file_, name + ".start");
    }
    view.start = offsets_of(file_, name + ".start", offsets - 1, view.bytes.size());
    return view;
  }

  void read_ids(const std::string& name, IdIndex& ids) const {
    const TextsView view = texts(name);
    for (std::size_t k = 0; k < view.size(); ++k) {
      if (ids.insert(view[k]) != k || find_invalid_utf8(view[k]) != std::string_view::npos) {
        file_.fail("is damaged: " + name +
                   " holds an id twice, or one that is no text: " + shorten(view[k]));
      }
    }
  }

  template <typename Enum, std::size_t size>
  Enum word_of(const char* name, const std::array<std::string_view, size>& words) const {
    const auto found = file_.metadata().find(name);
    const std::string word = found == file_.metadata().end() ? "" : found->second;
    const auto at = std::find(words.begin(), words.end(), word);
    if (at == words.end()) {
      file_.fail("is damaged: its " + std::string(name) + " is " + shorten(word));
    }
    return static_cast<Enum>(at - words.begin());
  }

  void read_means(const TrainedModel& model, RatingMeansView& means) const {
    const auto global = numbers(tensor::kGlobal, 3);
    means.global = global[0];
    means.lowest = global[1];
    means.highest = global[2];
    means.user = rows<double>(tensor::kUserMean, model.users.size());
    means.user_count = rows<std::uint32_t>(tensor::kUserCount, model.users.size());
    means.item_count = file_.vector<std::uint32_t>(tensor::kItemCount);
    means.item = rows<double>(tensor::kItemMean, means.item_count.size());
    if (means.item_count.size() > model.items.size()) {
      misfit(file_, tensor::kItemCount);
    }
  }

  void read_tags(TrainedModel& model) const {
    read_ids(tensor::kTagNames, model.tags);
    TagMatrixView tags;
    tags.tag_count = model.tags.size();
    tags.tag = file_.vector<std::uint32_t>(tensor::kTagsTag);
    check_below(file_, tensor::kTagsTag, tags.tag, model.tags.size());
    tags.weight = rows<float>(tensor::kTagsWeight, tags.tag.size());
    tags.start = offsets_of(file_, tensor::kTagsStart, model.items.size(), tags.tag.size());
    model.data.tags = tags;
  }

  void read_item_features(TrainedModel& model) const {
    if (!file_.has(tensor::kItemFeatures)) {
      return;
    }
    const auto& features = file_.tensor(tensor::kItemFeatures, Dtype::f64, 2);
    if (features.shape[0] != model.items.size() || features.shape[1] == 0) {
      misfit(file_, tensor::kItemFeatures);
    }
    model.data.item_features = {features.shape[0], features.shape[1],
                                SafetensorsReader::elements<double>(features)};
  }

  void read_blocks(TrainedModel& model) const {
    const Extents extents = {.users = model.users.size(),
                             .items = model.data.means.item_count.size(),
                             .tags = model.tags.size(),
                             .features = model.user_features.size(),
                             .components = model.data.item_features.columns};
    for (const ModelKind* kind : model_kinds()) {
      Parameters& parameters = model.parameters[index_of(kind->model)];
      parameters = Parameters::map(file_, kind->arrays, extents);
      const bool stray = !parameters.empty() && kind->needs_tags && !model.has_tags();
      const bool missing =
          parameters.empty() && !kind->arrays.empty() && is_promised(kind->model, model.has_tags());
      if (stray || missing || (!parameters.empty() && !kind->sound(parameters))) {
        misfit(file_, kind->arrays[0].name);
      }
    }
    model.neighbours = Parameters::map(file_, std::span(&Neighbours::kWeights, 1), extents);
    check_known_blends();
  }

  // Models of before there was such a list hold ALS, and with tags LASSO and the gate.
  bool is_promised(Model model, bool with_tags) const {
    const auto found = file_.metadata().find(key::kBlocks);
    if (found == file_.metadata().end()) {
      return model == Model::als || (with_tags && (model == Model::lasso || model == Model::balse));
    }
    return contains_word(found->second, name_of(model));
  }

  // What a blend that this program does not know predicts, it cannot say; blocks it can do without.
  void check_known_blends() const {
    const auto found = file_.metadata().find(key::kBlends);
    std::istringstream words(found == file_.metadata().end() ? "" : found->second);
    for (std::string word; words >> word;) {
      if (!model_of(word)) {
        file_.fail("predicts by " + shorten(word) + ", which this program does not know",
                   "a newer balse, or balse fit");
      }
    }
  }

  static bool contains_word(const std::string& text, std::string_view wanted) {
    std::istringstream words(text);
    for (std::string word; words >> word;) {
      if (word == wanted) {
        return true;
      }
    }
    return false;
  }

  const SafetensorsReader& file_;
};

}  // namespace

ModelFile::ModelFile(std::string path)
    : file_(std::move(path)), model_(ModelReader(file_).read()) {}

std::string ModelFile::metadata(const std::string& key) const {
  const auto found = file_.metadata().find(key);
  return found == file_.metadata().end() ? "" : found->second;
}

}  // namespace balse
