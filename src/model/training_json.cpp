#include "model/training_json.hpp"

#include <cmath>

namespace balse {

Json json_number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json training_options_json(const TrainingOptions& options) {
  const BalseOptions& model = options.model;
  constexpr const char* kCentring[] = {"user", "global", "none"};
  constexpr const char* kClip[] = {"none", "lasso", "all"};
  Json json;
  json["als"] = {
      {"rank", model.als.rank},
      {"lambda", model.als.lambda},
      {"iterations", model.als.iterations},
      {"tolerance", model.als.tolerance},
      {"centring", kCentring[static_cast<int>(model.als.centring)]},
      {"weighting", model.als.weighting == AlsWeighting::by_count ? "by-count" : "plain"},
      {"unseen", model.als.unseen == AlsUnseen::zero ? "zero" : "initial"}};
  json["lasso"] = {{"alpha", model.lasso.alpha},
                   {"intercept", model.lasso.intercept},
                   {"tag_scaling", model.lasso.scaling == TagScaling::raw ? "raw" : "sd"},
                   {"relative_gap", model.lasso.relative_gap}};
  json["gate"] = {
      {"method", model.gate.method == GateMethod::optimum ? "optimum" : "descent"},
      {"counts", options.gate_counts == GateCounts::train ? "train" : "train+validation"}};
  if (model.gate.method == GateMethod::descent) {
    json["gate"].update({{"learning_rate", model.gate.learning_rate},
                         {"decay", model.gate.decay},
                         {"decay_steps", model.gate.decay_steps},
                         {"steps", model.gate.steps}});
  }
  json["bias"] = {{"lambda_user", model.bias.lambda_user}, {"lambda_item", model.bias.lambda_item}};
  json["clip"] = kClip[static_cast<int>(model.clip)];
  json["clip_range"] = model.clip_range ? Json{model.clip_range->low, model.clip_range->high}
                                        : Json("training range");
  json["unseen_users"] = model.unseen_users == UnseenUsers::item_mean ? "item-mean" : "zero";
  json["refit"] = options.refit;
  return json;
}

Json inputs_json(const std::vector<InputRecord>& inputs) {
  Json json = Json::array();
  for (const InputRecord& input : inputs) {
    json.push_back({{"role", input.role}, {"path", input.path}, {"sha256", input.sha256}});
  }
  return json;
}

namespace {

Json number_of(const Figure& figure) {
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
  const auto add = [&](std::string_view name, const SummaryText& summary) {
    if (summary.figures.empty()) {
      return;
    }
    Json& of_block = json[std::string(name)] = figures_json(summary.figures);
    if (timed && summary.seconds > 0.0) {
      of_block["seconds"] = summary.seconds;
    }
  };
  for (const BlockKind& kind : block_kinds()) {
    if (with_tags || !kind.needs_tags) {
      add(kind.name, kind.summary(summaries));
    }
  }
  for (const BlendKind& kind : blend_kinds()) {
    if (with_tags || !needs_tags(kind.model)) {
      add(kind.options, kind.summary(summaries));
    }
  }
}

}  // namespace balse
