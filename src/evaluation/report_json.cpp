#include <cmath>

#include <nlohmann/json.hpp>

#include "balse/evaluation/report.hpp"

namespace balse {
namespace {

using Json = nlohmann::ordered_json;  // keys in the order a reader expects, the same in every run

/// JSON knows no NaN and no infinity.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json options_json(const CrossValidationOptions& options) {
  const BalseOptions& model = options.model;
  constexpr const char* kCentring[] = {"user", "global", "none"};
  constexpr const char* kClip[] = {"none", "lasso", "all"};
  Json json;
  json["als"] = {
      {"rank", model.als.rank},
      {"lambda", model.als.lambda},
      {"iterations", model.als.iterations},
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
  json["little_known"] = options.little_known.describe();
  return json;
}

Json manifest_json(const Manifest& manifest) {
  Json inputs = Json::array();
  for (const InputRecord& input : manifest.inputs) {
    inputs.push_back({{"role", input.role}, {"path", input.path}, {"sha256", input.sha256}});
  }
  return {{"program", "balse"},
          {"version", manifest.version},
          {"command_line", manifest.command_line},
          {"inputs", inputs},
          {"protocol", manifest.protocol},
          {"seed", manifest.seed},
          {"threads", manifest.threads},
          {"ratings", manifest.ratings},
          {"users", manifest.users},
          {"items", manifest.items},
          {"tags", manifest.tags},
          {"items_with_tags", manifest.items_with_tags},
          {"rating_scale", manifest.scale},
          {"options", options_json(manifest.options)},
          {"seconds", manifest.seconds}};
}

Json figures_json(const CrossValidationResult& result) {
  Json figures;
  for (const Model model : result.models) {
    for (int s = 0; s < kSubsetCount; ++s) {
      const auto subset = static_cast<Subset>(s);
      const MeanInterval figure = result.figure(model, subset);
      figures[std::string(name_of(model))][std::string(name_of(subset))] = {
          {"folds", figure.n},
          {"rows", result.rows(subset)},
          {"rmse", figure.n > 0 ? number(figure.mean) : Json(nullptr)},
          {"halfwidth", figure.n > 1 ? number(figure.halfwidth) : Json(nullptr)}};
    }
  }
  return figures;
}

Json fold_json(const FoldResult& fold, const std::vector<Model>& models) {
  Json json = {{"train_rows", fold.train_rows}, {"validation_rows", fold.validation_rows}};
  for (int s = 0; s < kSubsetCount; ++s) {
    json["test_rows"][std::string(name_of(static_cast<Subset>(s)))] = fold.rows[s];
  }
  bool has_lasso = false;
  for (const Model model : models) {
    const auto m = static_cast<std::size_t>(model);
    const std::string name(name_of(model));
    for (int s = 0; s < kSubsetCount; ++s) {
      json["rmse"][name][std::string(name_of(static_cast<Subset>(s)))] = number(fold.rmse[m][s]);
    }
    for (int f = 0; f < kFallbackCount; ++f) {
      json["fallbacks"][name][std::string(name_of(static_cast<Fallback>(f)))] =
          fold.fallbacks[m][f];
    }
    has_lasso = has_lasso || model == Model::lasso;
  }
  json["als"] = {{"iterations", fold.als_summary.iterations},
                 {"train_rmse", fold.als_summary.train_rmse},
                 {"seconds", fold.als_summary.seconds}};
  if (has_lasso) {
    const LassoSummary& lasso = fold.lasso_summary;
    json["lasso"] = {{"users", lasso.users},
                     {"not_converged", lasso.not_converged},
                     {"worst_relative_gap", lasso.worst_gap},
                     {"objective_sum", lasso.objective_sum},
                     {"nonzeros", lasso.nonzeros},
                     {"steps", lasso.steps},
                     {"seconds", lasso.seconds}};
    json["gate"] = {{"beta", fold.gate.beta()},
                    {"gamma", number(fold.gate.gamma())},
                    {"slope", fold.gate.slope},
                    {"offset", fold.gate.offset},
                    {"validation_rows", fold.gate_summary.rows},
                    {"validation_rmse", fold.gate_summary.rmse},
                    {"validation_rmse_als", fold.gate_summary.als_rmse},
                    {"validation_rmse_lasso", fold.gate_summary.lasso_rmse}};
  }
  json["seconds"] = fold.seconds;
  return json;
}

}  // namespace

std::string render_json_report(const CrossValidationResult& result, const Manifest& manifest) {
  Json json;
  json["manifest"] = manifest_json(manifest);
  json["figures"] = figures_json(result);
  json["folds"] = Json::array();
  for (const FoldResult& fold : result.folds) {
    json["folds"].push_back(fold_json(fold, result.models));
  }
  // Paths and command lines may hold bytes that are no UTF-8; they must not break the report.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace balse
