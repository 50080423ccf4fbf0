#include "balse/evaluation/results_json.hpp"

#include <algorithm>

#include "findings_json.hpp"

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
  const auto add_text = [&json](const char* key, const std::string& text) {
    if (!text.empty()) {
      json[key] = text;
    }
  };
  add_text("compiler", manifest.compiler);
  add_text("processor", manifest.processor);
  add_text("date", manifest.date);
  add_text("folds_sha256", manifest.folds_sha256);
  add_text("config", manifest.config);
  if (manifest.max_tags > 0) {
    json["options"]["max_tags"] = manifest.max_tags;
  }
  if (!manifest.without_tags.empty()) {
    json["options"]["without_tags"] = manifest.without_tags;
  }
  if (manifest.user_features > 0) {
    json["user_features"] = manifest.user_features;
    json["users_with_features"] = manifest.users_with_features;
  }
  if (manifest.item_features > 0) {
    json["item_features"] = manifest.item_features;
    json["items_with_features"] = manifest.items_with_features;
  }
  return json;
}

Json models_json(const CrossValidationResult& result) {
  Json json = Json::array();
  for (const Contender& contender : result.contenders) {
    const auto blends = blend_kinds();
    const bool blend = std::any_of(blends.begin(), blends.end(), [&](const BlendKind& kind) {
      return contender.model == kind.model;
    });
    json.push_back({{"name", contender.name},
                    {"title", contender.title},
                    {"kind", !contender.model ? "score"
                             : blend          ? "blend"
                                              : "block"}});
  }
  return json;
}

Json figures_json(const CrossValidationResult& result) {
  Json figures;
  for (std::size_t c = 0; c < result.contenders.size(); ++c) {
    for (int s = 0; s < kSubsetCount; ++s) {
      const auto subset = static_cast<Subset>(s);
      const MeanInterval figure = result.figure(c, subset);
      figures[result.contenders[c].name][std::string(name_of(subset))] = {
          {"folds", figure.n},
          {"rows", result.rows(subset)},
          {"rmse", figure.n > 0 ? json_number(figure.mean) : Json(nullptr)},
          {"halfwidth", figure.n > 1 ? json_number(figure.halfwidth) : Json(nullptr)},
          {"mae", figure.n > 0 ? json_number(result.mae(c, subset).mean) : Json(nullptr)}};
    }
  }
  return figures;
}

Json fold_json(const FoldResult& fold, const CrossValidationResult& result) {
  Json json = {{"train_rows", fold.train_rows}, {"validation_rows", fold.validation_rows}};
  for (int s = 0; s < kSubsetCount; ++s) {
    json["test_rows"][std::string(name_of(static_cast<Subset>(s)))] = fold.rows[s];
  }
  bool with_tags = false;
  for (std::size_t c = 0; c < result.contenders.size(); ++c) {
    const Contender& contender = result.contenders[c];
    for (int s = 0; s < kSubsetCount; ++s) {
      json["rmse"][contender.name][std::string(name_of(static_cast<Subset>(s)))] =
          json_number(fold.rmse[c][s]);
    }
    if (!contender.model) {
      continue;
    }
    for (int f = 0; f < kFallbackCount; ++f) {
      json["fallbacks"][contender.name][std::string(name_of(static_cast<Fallback>(f)))] =
          fold.fallbacks[index_of(*contender.model)][f];
    }
    with_tags = with_tags || needs_tags(*contender.model);
  }
  add_summaries(json, fold, with_tags, true);
  json["seconds"] = fold.seconds;
  return json;
}

}  // namespace

Json results_json(const Evaluation& evaluation, const Manifest& manifest) {
  const CrossValidationResult& result = evaluation.result;
  Json json = {{"schema", "balse-results"}, {"schema_version", 1}};
  json["manifest"] = manifest_json(manifest);
  json["models"] = models_json(result);
  json["figures"] = figures_json(result);
  json["folds"] = Json::array();
  for (const FoldResult& fold : result.folds) {
    json["folds"].push_back(fold_json(fold, result));
  }
  add_findings(json, evaluation);
  return json;
}

}  // namespace balse
