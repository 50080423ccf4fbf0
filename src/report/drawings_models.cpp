#include <algorithm>
#include <cmath>
#include <functional>

#include "drawing.hpp"
#include "palette.hpp"
#include "script.hpp"

namespace balse::report {
namespace {

std::vector<std::string> titles_of_models(const ResultsView& view) {
  std::vector<std::string> titles;
  for (const ModelRow& model : view.models()) {
    titles.push_back(model.title);
  }
  return titles;
}

/// A panel of one measure, a row for each model.
Panel model_panel(const ResultsView& view, const std::string& title,
                  const std::function<const Json&(const ModelRow&)>& figure, std::string_view key) {
  Panel panel{.title = title};
  for (std::size_t m = 0; m < view.models().size(); ++m) {
    const Json& of_model = figure(view.models()[m]);
    panel.rows.push_back({plotted(at(of_model, key)), plotted(at(of_model, "low")),
                          plotted(at(of_model, "high")), model_line(view, m), series_point(m)});
  }
  return panel;
}

struct Measure {
  const char* key;
  const char* title;
};

constexpr Measure kMeasures[] = {
    {"ndcg", "NDCG"}, {"recall", "recall"},     {"map", "MAP"},
    {"mrr", "MRR"},   {"coverage", "coverage"}, {"novelty", "novelty (bits)"},
};

}  // namespace

std::optional<Drawing> draw_rmse(const ResultsView& view) {
  if (view.subsets().empty() || view.models().empty()) {
    return std::nullopt;
  }
  Drawing drawing{.name = "rmse",
                  .title = "RMSE of each model",
                  .caption = "Further left is better. Points are means over the folds."};
  drawing.data.header = {"model",     "subset", "folds", "rows", "rmse",
                         "halfwidth", "mae",    "low",   "high"};
  std::vector<Panel> plots;
  bool intervals = false;
  for (const std::string& subset : view.subsets()) {
    const auto figure = [&](const ModelRow& model) -> const Json& {
      return view.figure(model.name, subset);
    };
    plots.push_back(model_panel(view, subset, figure, "rmse"));
    for (const ModelRow& model : view.models()) {
      const Json& of_model = figure(model);
      std::vector<std::string> row = {model.name, subset};
      for (std::size_t c = 2; c < drawing.data.header.size(); ++c) {
        row.push_back(csv_number(at(of_model, drawing.data.header[c])));
      }
      drawing.data.rows.push_back(std::move(row));
      intervals = intervals || number(at(of_model, "low"));
    }
  }
  drawing.caption += intervals ? " Lines are bootstrap intervals." : "";
  const PanelPage page = panels(titles_of_models(view), plots, plots.size(), drawing.width);
  drawing.script = page.script;
  drawing.height = page.height;
  return drawing;
}

std::optional<Drawing> draw_differences(const ResultsView& view) {
  Drawing drawing{.name = "differences",
                  .title = "RMSE above that of the best model",
                  .caption =
                      "Difference of each model's RMSE to the lowest of the subset, on the "
                      "same test ratings, with bootstrap intervals."};
  drawing.data.header = {"model", "best", "subset", "difference", "low", "high", "p_holm"};
  std::vector<Panel> plots;
  const auto or_nan = [](const std::optional<double>& value) { return value.value_or(NAN); };
  const auto csv = [](const std::optional<double>& value) {
    return value ? csv_number(Json(*value)) : std::string();
  };
  for (const std::string& subset : view.subsets()) {
    const std::size_t best = view.best(subset);
    Panel panel{.title = subset, .zero = true};
    for (std::size_t m = 0; m < view.models().size(); ++m) {
      const std::string& name = view.models()[m].name;
      const auto found = best < view.models().size() && m != best
                             ? view.difference(name, view.models()[best].name, subset)
                             : std::nullopt;
      if (found) {
        panel.rows.push_back({found->value, or_nan(found->low), or_nan(found->high),
                              model_line(view, m), series_point(m)});
        drawing.data.rows.push_back({name, view.models()[best].name, subset,
                                     csv_number(Json(found->value)), csv(found->low),
                                     csv(found->high), csv(found->p_holm)});
      } else {
        panel.rows.push_back(
            {m == best ? 0.0 : NAN, NAN, NAN, model_line(view, m), series_point(m)});
      }
    }
    plots.push_back(std::move(panel));
  }
  if (drawing.data.rows.empty()) {
    return std::nullopt;
  }
  const PanelPage page = panels(titles_of_models(view), plots, plots.size(), drawing.width);
  drawing.script = page.script;
  drawing.height = page.height;
  return drawing;
}

std::optional<Drawing> draw_ranking(const ResultsView& view, const std::string& scope) {
  const Json& models = at(at(view.part("ranking"), scope), "models");
  if (!models.is_object() || models.empty()) {
    return std::nullopt;
  }
  const bool catalogue = scope == "catalogue";
  const std::string k = text(at(view.part("ranking"), "k"));
  Drawing drawing{.name = catalogue ? "ranking-catalogue" : "ranking-test-items",
                  .title = catalogue ? "Ranking of the whole catalogue" : "Ranking of test items",
                  .caption = "The first " + k +
                             " of each user's list; further right is better, "
                             "novelty and coverage apart. Lines are intervals."};
  drawing.data.header = {"model", "measure", "value", "low", "high"};
  std::vector<Panel> plots;
  for (const Measure& measure : kMeasures) {
    const auto figure = [&](const ModelRow& model) -> const Json& {
      return at(at(models, model.name), measure.key);
    };
    plots.push_back(model_panel(view, measure.title, figure, "value"));
    for (const ModelRow& model : view.models()) {
      const Json& of_model = figure(model);
      if (of_model.is_object()) {
        drawing.data.rows.push_back({model.name, measure.key, csv_number(at(of_model, "value")),
                                     csv_number(at(of_model, "low")),
                                     csv_number(at(of_model, "high"))});
      }
    }
  }
  const PanelPage page = panels(titles_of_models(view), plots, 2, drawing.width);
  drawing.script = page.script;
  drawing.height = page.height;
  return drawing;
}

}  // namespace balse::report
