#include "balse/model/trained_model.hpp"

#include <algorithm>
#include <span>
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

constexpr std::uint32_t kUnknown = UINT32_MAX;

/// The model's index of every name of a file, or kUnknown; counts those in `unknown`.
std::vector<std::uint32_t> known_names(const IdIndex& known, const IdIndex& names,
                                       std::size_t& unknown) {
  IdIndex spellings;  // in the order of the model's
  for (std::uint32_t k = 0; k < known.size(); ++k) {
    spellings.insert(without_underscores(known[k]));
  }
  std::vector<std::uint32_t> indices(names.size());
  for (std::uint32_t k = 0; k < indices.size(); ++k) {
    auto index = known.find(names[k]);
    if (!index && spellings.size() == known.size()) {
      index = spellings.find(without_underscores(names[k]));
    }
    indices[k] = index.value_or(kUnknown);
    unknown += index ? 0 : 1;
  }
  return indices;
}

/// Those of a row that are known, by their new indices, ascending.
std::vector<std::pair<std::uint32_t, float>> known_row(const TagMatrix& matrix, std::uint32_t row,
                                                       std::span<const std::uint32_t> index_of) {
  std::vector<std::pair<std::uint32_t, float>> result;
  const auto columns = matrix.tags_of(row);
  const auto weights = matrix.weights_of(row);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (index_of[columns[k]] != kUnknown) {
      result.emplace_back(index_of[columns[k]], weights[k]);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

void append_row(std::span<const std::pair<std::uint32_t, float>> row, TagMatrix& matrix) {
  for (const auto& [tag, weight] : row) {
    matrix.tag.push_back(tag);
    matrix.weight.push_back(weight);
  }
  matrix.start.push_back(matrix.tag.size());
}

}  // namespace

void RatingValuesView::append_to(std::vector<double>& values, std::size_t first,
                                 std::size_t count) const {
  if (empty()) {
    return;
  }
  const std::size_t before = values.size();
  values.resize(before + count);
  if (index.empty()) {
    std::copy_n(value.data() + first, count, values.data() + before);
    return;
  }
  // Pointers, as the library's assertions on spans would take longer than the rest.
  double* const to = values.data() + before;
  const std::uint8_t* const which = index.data() + first;
  const double* const different = value.data();
  for (std::size_t k = 0; k < count; ++k) {
    to[k] = different[which[k]];
  }
}

std::vector<double> TrainedModel::ratings_by(std::uint32_t user) const {
  std::vector<double> ratings;
  if (!rated_by(user).empty()) {
    rated_value.append_to(ratings, rated_start[user], rated_start[user + 1] - rated_start[user]);
  }
  return ratings;
}

NewItems add_item_tags(TrainedModel& model, const Tags& tags) {
  NewItems added;
  const TagMatrixView old = *model.data.tags;
  const std::vector<std::uint32_t> tag_of = known_names(model.tags, tags.names, added.unknown_tags);
  for (std::uint32_t k = 0; k < tags.items.size(); ++k) {
    added.known_items += model.items.find(tags.items[k]) ? 1 : 0;
    model.items.insert(tags.items[k]);
  }
  added.new_items = tags.items.size() - added.known_items;

  TagMatrix& matrix = added.matrix;
  matrix.tag_count = model.tags.size();
  for (std::uint32_t item = 0; item < model.items.size(); ++item) {
    std::vector<std::pair<std::uint32_t, float>> row;
    if (const auto from = tags.items.find(model.items[item])) {
      row = known_row(tags.matrix, *from, tag_of);
    } else {
      const auto columns = old.tags_of(item);
      const auto weights = old.weights_of(item);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        row.emplace_back(columns[k], weights[k]);
      }
    }
    append_row(row, matrix);
  }
  model.data.tags = matrix;
  return added;
}

NewUsers add_user_features(TrainedModel& model, const Tags& features) {
  NewUsers added;
  const std::vector<std::uint32_t> feature_of =
      known_names(model.user_features, features.names, added.unknown_features);
  const std::size_t before = model.users.size();
  for (std::uint32_t k = 0; k < features.items.size(); ++k) {
    model.users.insert(features.items[k]);
  }
  added.new_users = model.users.size() - before;
  added.matrix.tag_count = model.user_features.size();
  for (std::uint32_t user = 0; user < model.users.size(); ++user) {
    const auto from = features.items.find(model.users[user]);
    const bool rated = !model.data.means.unseen_user(user);
    added.rated_users += from && rated ? 1 : 0;
    append_row(from && !rated ? known_row(features.matrix, *from, feature_of)
                              : std::vector<std::pair<std::uint32_t, float>>(),
               added.matrix);
  }
  model.data.user_features = added.matrix;
  return added;
}

}  // namespace balse
