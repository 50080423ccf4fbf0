#include "balse/model/training_json.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace balse {
namespace {

std::string json_name(const Field& field) {
  std::string name(field.name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

/// {"als": {"rank": 20, ...}, ..., "refit": true}: options whose group has no name are not within
/// one.
class FieldsToJson final : public FieldVisitor {
 public:
  explicit FieldsToJson(Json& json) : json_(json) {}

  void number(const Field& field, const NumberRange& /*range*/, double& value) override {
    at(field) = value;
  }
  void whole(const Field& field, const NumberRange& /*range*/, int& value) override {
    at(field) = value;
  }
  void flag(const Field& field, bool& value) override { at(field) = value; }
  void word(const Field& field, Words words, int& value) override {
    at(field) = std::string(words[static_cast<std::size_t>(value)]);
  }
  void interval(const Field& field, std::optional<ClipRange>& value) override {
    at(field) = value ? Json{value->low, value->high} : Json("training range");
  }

 private:
  Json& at(const Field& field) {
    const std::string name = json_name(field);
    return group().name.empty() ? json_[name] : json_[std::string(group().name)][name];
  }

  Json& json_;
};

/// Reads what FieldsToJson wrote.
class FieldsFromJson final : public FieldVisitor {
 public:
  explicit FieldsFromJson(const Json& json) : json_(json) {}

  void number(const Field& field, const NumberRange& /*range*/, double& value) override {
    read(field, value);
  }
  void whole(const Field& field, const NumberRange& /*range*/, int& value) override {
    read(field, value);
  }
  void flag(const Field& field, bool& value) override { read(field, value); }
  void word(const Field& field, Words words, int& value) override {
    std::string text;
    read(field, text);
    const auto found = std::find(words.begin(), words.end(), text);
    value = found == words.end() ? value : static_cast<int>(found - words.begin());
  }
  void interval(const Field& field, std::optional<ClipRange>& value) override {
    const Json* const found = find(field);
    if (found != nullptr && found->is_array()) {
      value = ClipRange{.low = found->at(0).get<double>(), .high = found->at(1).get<double>()};
    }
  }

 private:
  const Json* find(const Field& field) const {
    const Json* group_json = &json_;
    if (!group().name.empty()) {
      const auto of_group = json_.find(std::string(group().name));
      if (of_group == json_.end() || !of_group->is_object()) {
        return nullptr;
      }
      group_json = &*of_group;
    }
    const auto found = group_json->find(json_name(field));
    return found == group_json->end() ? nullptr : &*found;
  }

  template <typename T>
  void read(const Field& field, T& value) const {
    if (const Json* const found = find(field)) {
      value = found->get<T>();
    }
  }

  const Json& json_;
};

}  // namespace

Json json_number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json training_options_json(const TrainingOptions& options) {
  Json json;
  FieldsToJson to_json(json);
  TrainingOptions shown = options;
  shown.visit(to_json);
  return json;
}

TrainingOptions training_options_of(const Json& json) {
  TrainingOptions options;
  FieldsFromJson from_json(json);
  options.visit(from_json);
  return options;
}

Json neighbour_options_json(const NeighbourOptions& options) {
  Json json;
  FieldsToJson to_json(json);
  NeighbourOptions shown = options;
  shown.visit(to_json);
  return json;
}

Json inputs_json(const std::vector<InputRecord>& inputs) {
  Json json = Json::array();
  for (const InputRecord& input : inputs) {
    Json record = {{"role", input.role}, {"path", input.path}, {"sha256", input.sha256}};
    if (input.unrated > 0) {
      record["unrated"] = input.unrated;
    }
    json.push_back(std::move(record));
  }
  return json;
}

namespace {

Json number_of(const Figure& figure) {
  if (!figure.list.empty()) {
    return figure.list;
  }
  return figure.whole ? Json(static_cast<std::uint64_t>(figure.value)) : json_number(figure.value);
}

}  // namespace

Json figures_json(const std::vector<Figure>& figures) {
  Json json = Json::object();
  for (const Figure& figure : figures) {
    json[std::string(figure.name)] = number_of(figure);
  }
  return json;
}

void add_summaries(Json& json, const BlockSummaries& summaries, bool with_tags, bool timed) {
  for (const ModelKind* kind : model_kinds()) {
    const SummaryText summary = kind->summary(summaries);
    if (summary.figures.empty() || (kind->needs_tags && !with_tags)) {
      continue;
    }
    Json& of_model = json[std::string(kind->group)] = figures_json(summary.figures);
    if (timed && summary.seconds > 0.0) {
      of_model["seconds"] = summary.seconds;
    }
  }
}

}  // namespace balse
