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

Json summary_json(const AlsSummary& summary) {
  return {{"iterations", summary.iterations},
          {"objective", summary.objective},
          {"train_rmse", summary.train_rmse}};
}

Json summary_json(const LassoSummary& summary) {
  return {{"users", summary.users},
          {"not_converged", summary.not_converged},
          {"worst_relative_gap", summary.worst_gap},
          {"objective_sum", summary.objective_sum},
          {"nonzeros", summary.nonzeros},
          {"steps", summary.steps},
          {"warm_users", summary.warm_users},
          {"cold_users", summary.cold_users}};
}

Json timed(Json summary, double seconds) {
  summary["seconds"] = seconds;
  return summary;
}

Json gate_json(const SteinsGate& gate, const GateSummary& summary) {
  return {{"beta", gate.beta()},
          {"gamma", json_number(gate.gamma())},
          {"slope", gate.slope},
          {"offset", gate.offset},
          {"validation_rows", summary.rows},
          {"validation_rmse", summary.rmse},
          {"validation_rmse_als", summary.als_rmse},
          {"validation_rmse_lasso", summary.lasso_rmse}};
}

}  // namespace balse
