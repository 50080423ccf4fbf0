#include <nlohmann/json.hpp>

#include "balse/evaluation/report.hpp"
#include "balse/model/training_json.hpp"

namespace balse {
namespace {

Json options_json(const CrossValidationOptions& options) {
  Json json = training_options_json(options);
  json["little_known"] = options.little_known.describe();
  return json;
}

Json manifest_json(const Manifest& manifest) {
  Json json = {{"program", "balse"},
               {"version", manifest.version},
               {"command_line", manifest.command_line},
               {"inputs", inputs_json(manifest.inputs)},
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
  if (manifest.user_features > 0) {
    json["user_features"] = manifest.user_features;
    json["users_with_features"] = manifest.users_with_features;
  }
  return json;
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
          {"rmse", figure.n > 0 ? json_number(figure.mean) : Json(nullptr)},
          {"halfwidth", figure.n > 1 ? json_number(figure.halfwidth) : Json(nullptr)}};
    }
  }
  return figures;
}

Json fold_json(const FoldResult& fold, const std::vector<Model>& models) {
  Json json = {{"train_rows", fold.train_rows}, {"validation_rows", fold.validation_rows}};
  for (int s = 0; s < kSubsetCount; ++s) {
    json["test_rows"][std::string(name_of(static_cast<Subset>(s)))] = fold.rows[s];
  }
  bool with_tags = false;
  for (const Model model : models) {
    const auto m = static_cast<std::size_t>(model);
    const std::string name(name_of(model));
    for (int s = 0; s < kSubsetCount; ++s) {
      json["rmse"][name][std::string(name_of(static_cast<Subset>(s)))] =
          json_number(fold.rmse[m][s]);
    }
    for (int f = 0; f < kFallbackCount; ++f) {
      json["fallbacks"][name][std::string(name_of(static_cast<Fallback>(f)))] =
          fold.fallbacks[m][f];
    }
    with_tags = with_tags || needs_tags(model);
  }
  add_summaries(json, fold, with_tags, true);
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
