#include "balse/evaluation/run_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "balse/evaluation/cross_validation.hpp"
#include "balse/evaluation/error_sums.hpp"

#include "text_table.hpp"

namespace balse {
namespace {

/// Whether it differs from run to run by itself.
bool is_of_the_run(const std::string& key) {
  return key == "seconds" || key == "date" || key == "command_line" || key == "config";
}

std::string inner_path(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

/// Every value of a JSON object by its path.
void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& flat) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      if (!path.empty() || !is_of_the_run(key)) {
        flatten(value, inner_path(path, key), flat);
      }
    }
  } else if (json.is_array() && !json.empty() && json.front().is_object()) {
    for (const Json& value : json) {  // inputs, by what they are for
      flatten(value, inner_path(path, value.value("role", "?")), flat);
    }
  } else {
    flat[path] = json.is_string() ? json.get<std::string>() : json.dump();
  }
}

std::vector<RunDifference> differences_of(const std::vector<StoredRun>& runs) {
  std::vector<std::map<std::string, std::string>> flat(runs.size());
  std::set<std::string> keys;
  for (std::size_t run = 0; run < runs.size(); ++run) {
    flatten(runs[run].results.value("manifest", Json::object()), "", flat[run]);
    for (const auto& [key, value] : flat[run]) {
      keys.insert(key);
    }
  }
  std::vector<RunDifference> made;
  for (const std::string& key : keys) {
    RunDifference difference{.key = key, .values = {}};
    for (const auto& of_run : flat) {
      const auto found = of_run.find(key);
      difference.values.push_back(found == of_run.end() ? "-" : found->second);
    }
    if (std::adjacent_find(difference.values.begin(), difference.values.end(),
                           std::not_equal_to<>()) != difference.values.end()) {
      made.push_back(std::move(difference));
    }
  }
  return made;
}

std::string text_at(const Json& json, const char* key) {
  const Json manifest = json.value("manifest", Json::object());
  return manifest.contains(key) && manifest[key].is_string() ? manifest[key].get<std::string>()
                                                             : std::string();
}

/// Why two runs have no test ratings in common, or empty.
std::string why_not_paired(const StoredRun& a, const StoredRun& b) {
  for (const StoredRun* run : {&a, &b}) {
    if (run->groups.of.empty()) {
      return "there is no " + std::string(kGroupsFile) + " beside " + run->path +
             ", which balse eval --report writes";
    }
  }
  if (a.groups.of != b.groups.of) {
    return "one has sums by " + a.groups.of + ", the other by " + b.groups.of + " (--bootstrap)";
  }
  const std::string folds = text_at(a.results, "folds_sha256");
  if (folds.empty() || folds != text_at(b.results, "folds_sha256")) {
    return "their folds are not the same";
  }
  const bool same_rows =
      std::equal(a.groups.sums.begin(), a.groups.sums.end(), b.groups.sums.begin(),
                 b.groups.sums.end(), [](const auto& x, const auto& y) {
                   return x.first == y.first && x.second.rows == y.second.rows;
                 });
  return same_rows ? "" : "their test ratings are not the same";
}

double figure_of(const StoredRun& run, const std::string& model, const std::string& subset) {
  const Json figures = run.results.value("figures", Json::object());
  if (!figures.contains(model) || !figures[model].contains(subset)) {
    return kNoFigure;
  }
  const Json rmse = figures[model][subset].value("rmse", Json());
  return rmse.is_number() ? rmse.get<double>() : kNoFigure;
}

std::size_t column_of(const GroupTable& table, const std::string& model) {
  return static_cast<std::size_t>(std::find(table.models.begin(), table.models.end(), model) -
                                  table.models.begin());
}

/// Intervals and tests of one model on the same test ratings in both.
void pair_up(const GroupTable& a, const GroupTable& b, std::size_t replicates, std::uint64_t seed,
             ModelDifference& difference) {
  const std::size_t in_a = column_of(a, difference.model);
  const std::size_t in_b = column_of(b, difference.model);
  if (in_a == a.models.size() || in_b == b.models.size()) {
    return;
  }
  std::map<std::string, std::size_t> groups;
  std::size_t folds = 0;
  for (const auto& [key, sums] : a.sums) {
    groups.emplace(key.first, groups.size());
    folds = std::max(folds, key.second + 1);
  }
  ErrorSums errors(groups.size(), folds, 2);
  std::vector<double> rows(groups.size());
  std::vector<std::array<double, 2>> squares(groups.size());
  for (const auto& [key, of_a] : a.sums) {
    const std::array<double, 2> both = {of_a.squares[in_a], b.sums.at(key).squares[in_b]};
    const std::size_t group = groups.at(key.first);
    errors.add_sums(group, key.second, of_a.rows, both);
    rows[group] += of_a.rows;
    squares[group][0] += both[0];
    squares[group][1] += both[1];
  }
  std::vector<std::size_t> cells(folds);
  for (std::size_t fold = 0; fold < folds; ++fold) {
    cells[fold] = fold;
  }
  const Bootstrap bootstrap(errors, replicates, seed, 0);
  std::vector<double> of_groups;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    of_groups.push_back(std::sqrt(squares[group][1] / rows[group]) -
                        std::sqrt(squares[group][0] / rows[group]));
  }
  difference.paired = true;
  difference.interval =
      percentile_interval(differences(bootstrap.rmse(cells, 1), bootstrap.rmse(cells, 0)));
  difference.test = signed_rank_test(of_groups);
}

RunComparison compare_run(const StoredRun& first, const StoredRun& other, std::size_t replicates,
                          std::uint64_t seed) {
  RunComparison comparison{
      .path = other.path, .not_paired = why_not_paired(first, other), .models = {}};
  for (const Json& model : other.results.value("models", Json::array())) {
    const std::string name = model.value("name", "");
    for (int s = 0; s < kSubsetCount; ++s) {
      const auto subset = static_cast<Subset>(s);
      ModelDifference difference{.model = name, .subset = std::string(name_of(subset))};
      difference.first = figure_of(first, name, difference.subset);
      difference.other = figure_of(other, name, difference.subset);
      difference.difference = difference.other - difference.first;
      if (!std::isfinite(difference.difference)) {
        continue;
      }
      if (comparison.not_paired.empty() && subset == Subset::all) {
        pair_up(first.groups, other.groups, replicates, seed, difference);
      }
      comparison.models.push_back(std::move(difference));
    }
  }
  return comparison;
}

TextTable made_table(const RunsCompared& compared) {
  TextTable table = {{"made differently"}};
  table.front().insert(table.front().end(), compared.paths.begin(), compared.paths.end());
  for (const RunDifference& difference : compared.made) {
    table.push_back({difference.key});
    table.back().insert(table.back().end(), difference.values.begin(), difference.values.end());
  }
  return table;
}

TextTable models_table(const RunsCompared& compared, const RunComparison& run) {
  TextTable table = {{"RMSE of model, subset", compared.paths.front(), run.path, "difference",
                      "95% interval", "p", "effect"}};
  for (const ModelDifference& model : run.models) {
    TextRow row = {model.model + ", " + model.subset, fixed(model.first, 4), fixed(model.other, 4),
                   fixed(model.difference, 4)};
    if (model.paired) {
      row.insert(row.end(),
                 {"[" + fixed(model.interval.low, 4) + ", " + fixed(model.interval.high, 4) + "]",
                  fixed(model.test.p, 4), fixed(model.test.effect, 3)});
    } else {
      row.insert(row.end(), {"-", "-", "-"});
    }
    table.push_back(std::move(row));
  }
  return table;
}

std::string comparison_text(const RunsCompared& compared,
                            std::string (*render)(const TextTable& table)) {
  std::string text = compared.made.empty() ? "All were made alike, of the same data.\n"
                                           : render(made_table(compared));
  for (const RunComparison& run : compared.runs) {
    text += "\n" + render(models_table(compared, run)) + "\n";
    text += run.not_paired.empty()
                ? "Difference: " + run.path + " minus " + compared.paths.front() +
                      "; negative is better. Intervals and Wilcoxon's test on the same test "
                      "ratings, all of them.\n"
                : "No intervals: " + run.not_paired + ".\n";
  }
  return text;
}

std::string comparison_csv(const RunsCompared& compared) {
  std::string text = "run,model,subset,first,other,difference,low,high,p,effect\n";
  for (std::size_t k = 0; k < compared.runs.size(); ++k) {
    for (const ModelDifference& model : compared.runs[k].models) {
      text += std::to_string(k + 1) + "," + model.model + "," + model.subset + "," +
              fixed(model.first, 6) + "," + fixed(model.other, 6) + "," +
              fixed(model.difference, 6) + ",";
      text += model.paired ? fixed(model.interval.low, 6) + "," + fixed(model.interval.high, 6) +
                                 "," + text_of(model.test.p) + "," + fixed(model.test.effect, 6)
                           : ",,,";
      text += "\n";
    }
  }
  return text;
}

std::string comparison_json(const RunsCompared& compared) {
  Json json = {{"schema", "balse-comparison"}, {"schema_version", 1}, {"runs", compared.paths}};
  json["made"] = Json::array();
  for (const RunDifference& difference : compared.made) {
    json["made"].push_back({{"key", difference.key}, {"values", difference.values}});
  }
  json["comparisons"] = Json::array();
  for (const RunComparison& run : compared.runs) {
    for (const ModelDifference& model : run.models) {
      Json entry = {{"run", run.path},        {"model", model.model},
                    {"subset", model.subset}, {"first", model.first},
                    {"other", model.other},   {"difference", model.difference}};
      if (model.paired) {
        entry["low"] = json_number(model.interval.low);
        entry["high"] = json_number(model.interval.high);
        entry["p"] = model.test.p;
        entry["effect"] = model.test.effect;
      }
      json["comparisons"].push_back(std::move(entry));
    }
    if (!run.not_paired.empty()) {
      json["not_paired"][run.path] = run.not_paired;
    }
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

RunsCompared compare_runs(const std::vector<StoredRun>& runs, std::size_t replicates,
                          std::uint64_t seed) {
  RunsCompared compared{.paths = {}, .made = differences_of(runs), .runs = {}};
  for (const StoredRun& run : runs) {
    compared.paths.push_back(run.path);
    if (&run != &runs.front()) {
      compared.runs.push_back(compare_run(runs.front(), run, replicates, seed));
    }
  }
  return compared;
}

std::string render_comparison(const RunsCompared& compared, ComparisonFormat format) {
  switch (format) {
    case ComparisonFormat::markdown:
      return comparison_text(compared, markdown);
    case ComparisonFormat::csv:
      return comparison_csv(compared);
    case ComparisonFormat::json:
      return comparison_json(compared);
    case ComparisonFormat::text:
      break;
  }
  return comparison_text(compared, plain_text);
}

}  // namespace balse
