#include "balse/model/trained_model.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace balse {

namespace {

// Taggers write long_hair and long hair for the same.
std::string without_underscores(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

std::vector<double> TrainedModel::ratings_by(std::uint32_t user) const {
  std::vector<double> ratings;
  if (user < users.size() && !rated_value.empty()) {
    for (std::uint64_t k = rated_start[user]; k < rated_start[user + 1]; ++k) {
      ratings.push_back(rated_value[k]);
    }
  }
  return ratings;
}

NewItems add_item_tags(TrainedModel& model, const Tags& tags) {
  NewItems added;
  IdIndex spellings;  // in the order of the model's tags
  for (std::uint32_t k = 0; k < model.tags.size(); ++k) {
    spellings.insert(without_underscores(model.tags[k]));
  }
  const TagMatrixView old = *model.data.tags;
  std::vector<std::uint32_t> tag_of(tags.names.size());  // the model's, by the file's
  constexpr std::uint32_t kUnknown = UINT32_MAX;
  for (std::uint32_t k = 0; k < tag_of.size(); ++k) {
    auto known = model.tags.find(tags.names[k]);
    if (!known && spellings.size() == model.tags.size()) {
      known = spellings.find(without_underscores(tags.names[k]));
    }
    tag_of[k] = known.value_or(kUnknown);
    added.unknown_tags += known ? 0 : 1;
  }
  for (std::uint32_t k = 0; k < tags.items.size(); ++k) {
    added.known_items += model.items.find(tags.items[k]) ? 1 : 0;
    model.items.insert(tags.items[k]);
  }
  added.new_items = tags.items.size() - added.known_items;

  TagMatrix& matrix = added.matrix;
  matrix.tag_count = model.tags.size();
  std::vector<std::pair<std::uint32_t, float>> row;
  for (std::uint32_t item = 0; item < model.items.size(); ++item) {
    row.clear();
    if (const auto from = tags.items.find(model.items[item])) {
      const auto columns = tags.matrix.tags_of(*from);
      const auto weights = tags.matrix.weights_of(*from);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        if (tag_of[columns[k]] != kUnknown) {
          row.emplace_back(tag_of[columns[k]], weights[k]);
        }
      }
      std::sort(row.begin(), row.end());
    } else {
      const auto columns = old.tags_of(item);
      const auto weights = old.weights_of(item);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        row.emplace_back(columns[k], weights[k]);
      }
    }
    for (const auto& [tag, weight] : row) {
      matrix.tag.push_back(tag);
      matrix.weight.push_back(weight);
    }
    matrix.start.push_back(matrix.tag.size());
  }
  model.data.tags = matrix;
  return added;
}

}  // namespace balse
