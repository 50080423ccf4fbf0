#include "findings_json.hpp"

#include <string>

namespace balse {
namespace {

Json counts_json(const CountHistogram& histogram) {
  Json json = Json::array();
  for (const auto& [number, having] : histogram) {
    json.push_back({number, having});
  }
  return json;
}

std::string name_in_json(Subset subset) {
  return std::string(name_of(subset));
}

void add_intervals(Json& json, const Findings& findings, const std::vector<Contender>& contenders) {
  for (std::size_t c = 0; c < contenders.size(); ++c) {
    for (int s = 0; s < kSubsetCount; ++s) {
      Json& figure = json["figures"][contenders[c].name][name_in_json(static_cast<Subset>(s))];
      figure["low"] = json_number(findings.intervals[c][s].low);
      figure["high"] = json_number(findings.intervals[c][s].high);
    }
  }
}

Json comparisons_json(const Findings& findings, const std::vector<Contender>& contenders) {
  Json json = Json::array();
  for (const Comparison& comparison : findings.comparisons) {
    json.push_back({{"a", contenders[comparison.a].name},
                    {"b", contenders[comparison.b].name},
                    {"subset", name_in_json(comparison.subset)},
                    {"difference", json_number(comparison.difference)},
                    {"low", json_number(comparison.interval.low)},
                    {"high", json_number(comparison.interval.high)},
                    {"p", comparison.test.p},
                    {"p_holm", comparison.p_holm},
                    {"effect", comparison.test.effect},
                    {"groups", comparison.test.pairs}});
  }
  return json;
}

Json slices_json(const Findings& findings, const std::vector<Contender>& contenders) {
  Json json = Json::array();
  for (const SliceFigures& slice : findings.slices) {
    Json models = Json::object();
    for (std::size_t c = 0; c < contenders.size(); ++c) {
      models[contenders[c].name] = {{"rmse", json_number(slice.rmse[c])},
                                    {"mae", json_number(slice.mae[c])},
                                    {"low", json_number(slice.interval[c].low)},
                                    {"high", json_number(slice.interval[c].high)}};
    }
    json.push_back({{"by", slice.name.by},
                    {"slice", slice.name.label},
                    {"rows", slice.rows},
                    {"gate_weight", json_number(slice.gate_weight)},
                    {"models", std::move(models)}});
  }
  return json;
}

Json calibration_json(const Findings& findings, const std::vector<Contender>& contenders) {
  Json json = Json::object();
  for (std::size_t c = 0; c < contenders.size(); ++c) {
    Json& points = json[contenders[c].name] = Json::array();
    for (const CalibrationPoint& point : findings.calibration[c]) {
      points.push_back({{"predicted", json_number(point.predicted)},
                        {"observed", json_number(point.observed)},
                        {"rows", point.rows}});
    }
  }
  return json;
}

Json users_json(const Findings& findings, const std::vector<Contender>& contenders) {
  Json json = {{"bins", findings.users.edges}, {"models", Json::object()}};
  for (std::size_t c = 0; c < findings.users.users.size(); ++c) {
    json["models"][contenders[c].name] = findings.users.users[c];
  }
  return json;
}

Json scope_json(const RankingFigures& figures, const std::vector<Contender>& contenders) {
  Json json = {{"users", figures.lists}, {"models", Json::object()}};
  for (std::size_t c = 0; c < contenders.size(); ++c) {
    Json& of_model = json["models"][contenders[c].name];
    for (std::size_t measure = 0; measure < kRankingMeasures; ++measure) {
      const RankingFigure& figure = figures.measures[c][measure];
      of_model[std::string(name_of(static_cast<RankingMeasure>(measure)))] = {
          {"value", json_number(figure.value)},
          {"low", json_number(figure.interval.low)},
          {"high", json_number(figure.interval.high)}};
    }
    of_model["coverage"] = {
        {"value", json_number(figures.coverage[c])}, {"low", nullptr}, {"high", nullptr}};
  }
  return json;
}

Json likings_json(const std::vector<TagLiking>& likings, const std::vector<std::string>& names) {
  Json json = Json::array();
  for (const TagLiking& liking : likings) {
    json.push_back({{"tag", names[liking.tag]},
                    {"coefficient", json_number(liking.coefficient)},
                    {"users", liking.users}});
  }
  return json;
}

Json tags_json(const TagStatistics& facts, const std::vector<std::string>& names) {
  Json used = Json::array();
  for (const auto& [tag, items] : facts.most_used) {
    used.push_back({{"tag", names[tag]}, {"items", items}});
  }
  return {{"items_with_tags", facts.items_with_tags},  {"tags", facts.tags},
          {"per_item", counts_json(facts.per_item)},   {"most_used", std::move(used)},
          {"loved", likings_json(facts.loved, names)}, {"hated", likings_json(facts.hated, names)}};
}

Json gate_json(const std::vector<GateCurve>& curves) {
  Json json = Json::array();
  for (const GateCurve& curve : curves) {
    Json points = Json::array();
    for (const auto& [count, weight] : curve.weights) {
      points.push_back({{"count", count}, {"weight", json_number(weight)}});
    }
    json.push_back({{"fold", curve.fold}, {"curve", std::move(points)}});
  }
  return json;
}

Json convergence_json(const CrossValidationResult& result) {
  Json json = Json::array();
  for (std::size_t fold = 0; fold < result.folds.size(); ++fold) {
    for (const ModelKind* kind : model_kinds()) {
      const std::vector<double> trace = kind->summary(result.folds[fold]).trace;
      if (!trace.empty()) {
        json.push_back({{"fold", fold}, {"block", std::string(kind->name)}, {"rmse", trace}});
      }
    }
  }
  return json;
}

Json stages_json(const std::vector<Stage>& stages) {
  Json json = Json::array();
  for (const Stage& stage : stages) {
    json.push_back(
        {{"stage", stage.name}, {"seconds", stage.seconds}, {"peak_bytes", stage.peak_bytes}});
  }
  return json;
}

}  // namespace

namespace {

Json values_json(const OptionValues& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) {
    json[name] = value;
  }
  return json;
}

Json tuning_json(const CrossValidationResult& result) {
  Json folds = Json::array();
  std::vector<TunedFold> all;
  for (const FoldResult& fold : result.folds) {
    for (const TunedFold& tuned : fold.tuned) {
      Json tried = Json::array();
      for (const TunedCandidate& candidate : tuned.candidates) {
        tried.push_back({{"values", values_json(candidate.values)},
                         {"rmse", json_number(candidate.rmse)},
                         {"share", candidate.share}});
      }
      folds.push_back({{"fold", tuned.fold},
                       {"block", std::string(name_of(tuned.model))},
                       {"chosen", values_json(tuned.candidates[tuned.best].values)},
                       {"seconds", tuned.seconds},
                       {"tried", std::move(tried)}});
      all.push_back(tuned);
    }
  }
  return {{"values", values_json(tuned_values(all))}, {"folds", std::move(folds)}};
}

}  // namespace

void add_findings(Json& json, const Evaluation& evaluation) {
  const std::vector<Contender>& contenders = evaluation.result.contenders;
  if (evaluation.findings) {
    const Findings& findings = *evaluation.findings;
    add_intervals(json, findings, contenders);
    json["bootstrap"] = {{"over", findings.options.over == Resampled::users ? "users" : "items"},
                         {"replicates", findings.options.replicates},
                         {"level", kConfidence}};
    json["comparisons"] = comparisons_json(findings, contenders);
    json["slices"] = slices_json(findings, contenders);
    json["calibration"] = calibration_json(findings, contenders);
    json["users"] = users_json(findings, contenders);
  }
  if (evaluation.ranking) {
    const RankingFindings& ranking = *evaluation.ranking;
    json["ranking"] = {{"k", ranking.k},
                       {"relevant", ranking.relevant},
                       {"test_items", scope_json(ranking.scopes[0], contenders)},
                       {"catalogue", scope_json(ranking.scopes[1], contenders)}};
  }
  if (!evaluation.result.folds.empty() && !evaluation.result.folds.front().tuned.empty()) {
    json["tuning"] = tuning_json(evaluation.result);
  }
  if (!evaluation.gate.empty()) {
    json["gate"] = gate_json(evaluation.gate);
  }
  if (evaluation.counts) {
    json["counts"] = {{"items", counts_json(evaluation.counts->items)},
                      {"users", counts_json(evaluation.counts->users)}};
  }
  if (evaluation.tags) {
    json["tags"] = tags_json(*evaluation.tags, evaluation.tag_names);
  }
  if (Json convergence = convergence_json(evaluation.result); !convergence.empty()) {
    json["convergence"] = std::move(convergence);
  }
  if (!evaluation.stages.empty()) {
    json["stages"] = stages_json(evaluation.stages);
  }
}

}  // namespace balse
