#include <algorithm>
#include <cmath>
#include <set>

#include "drawing.hpp"
#include "escape.hpp"
#include "lines.hpp"
#include "numbers.hpp"
#include "palette.hpp"
#include "script.hpp"

namespace balse::report {
namespace {

std::string slice_title(const std::string& by) {
  if (by == "item-count") {
    return "ratings of the item in train + validation";
  }
  if (by == "user-count") {
    return "ratings of the user in train + validation";
  }
  if (by == "rating") {
    return "test rating";
  }
  return by == "tags" ? "items with and without tags" : "popularity of the item";
}

const char* slice_heading(const std::string& by) {
  if (by == "item-count") {
    return "RMSE by ratings of the item";
  }
  if (by == "user-count") {
    return "RMSE by ratings of the user";
  }
  if (by == "rating") {
    return "RMSE by test rating";
  }
  return by == "tags" ? "RMSE with and without tags" : "RMSE by popularity";
}

}  // namespace

const std::vector<std::string>& slice_kinds() {
  static const std::vector<std::string> kKinds = {"item-count", "user-count", "rating", "tags",
                                                  "popularity"};
  return kKinds;
}

std::optional<Drawing> draw_slices(const ResultsView& view, const std::string& by) {
  std::vector<const Json*> slices;
  for (const Json& slice : view.part("slices")) {
    if (text(at(slice, "by")) == by) {
      slices.push_back(&slice);
    }
  }
  if (slices.empty() || view.models().empty()) {
    return std::nullopt;
  }
  Drawing drawing{.name = "rmse-by-" + by,
                  .title = slice_heading(by),
                  .caption =
                      "Over the test ratings of all folds together; lines at the points are "
                      "bootstrap intervals."};
  drawing.data.header = {"slice", "rows", "gate_weight", "model", "rmse", "mae", "low", "high"};
  std::vector<std::string> names;
  names.reserve(slices.size());
  for (const Json* slice : slices) {
    names.push_back(text(at(*slice, "slice")));
  }
  for (const ModelRow& model : view.models()) {
    for (const Json* slice : slices) {
      const Json& figure = at(at(*slice, "models"), model.name);
      drawing.data.rows.push_back({text(at(*slice, "slice")), csv_number(at(*slice, "rows")),
                                   csv_number(at(*slice, "gate_weight")), model.name,
                                   csv_number(at(figure, "rmse")), csv_number(at(figure, "mae")),
                                   csv_number(at(figure, "low")), csv_number(at(figure, "high"))});
    }
  }
  draw_lines_over(view, names, slice_title(by), drawing, [&](const ModelRow& model, std::size_t s) {
    const Json& figure = at(at(*slices[s], "models"), model.name);
    const double rmse = plotted(at(figure, "rmse"));
    return LinePoint{.value = rmse,
                     .low = number(at(figure, "low")).value_or(rmse),
                     .high = number(at(figure, "high")).value_or(rmse)};
  });
  return drawing;
}

std::optional<Drawing> draw_users(const ResultsView& view) {
  std::vector<double> edges;
  for (const Json& edge : at(view.part("users"), "bins")) {
    edges.push_back(plotted(edge));
  }
  const Json& models = at(view.part("users"), "models");
  if (edges.size() < 2 || !models.is_object()) {
    return std::nullopt;
  }
  Drawing drawing{.name = "user-rmse",
                  .title = "RMSE of each user",
                  .caption =
                      "How many users have an RMSE in each bin. A model that serves all users "
                      "alike has a narrow peak, a better one lies further left."};
  drawing.data.header = {"model", "from", "to", "users"};
  Script script;
  for (std::size_t m = 0; m < view.models().size(); ++m) {
    const Json& counts = at(models, view.models()[m].name);
    std::vector<std::vector<double>> rows;
    for (std::size_t b = 0; counts.is_array() && b < counts.size() && b + 1 < edges.size(); ++b) {
      rows.push_back({(edges[b] + edges[b + 1]) / 2, plotted(counts[b])});
      drawing.data.rows.push_back({view.models()[m].name, csv_number(Json(edges[b])),
                                   csv_number(Json(edges[b + 1])), csv_number(counts[b])});
    }
    if (!rows.empty()) {
      script.add(script.data(rows) + " using 1:2 with linespoints ps 0.5 " + model_line(view, m) +
                 " " + series_point(m) + " title " + gnuplot_string(key_title(view.models()[m])));
    }
  }
  if (drawing.data.rows.empty()) {
    return std::nullopt;
  }
  place_key(drawing, script, key_titles(view));
  script.x_title("RMSE over the user's test ratings").y_title("users");
  script.line("set yrange [0:*]").plot();
  drawing.script = script.text();
  return drawing;
}

std::optional<Drawing> draw_calibration(const ResultsView& view) {
  Drawing drawing{.name = "calibration",
                  .title = "Calibration",
                  .caption =
                      "Test ratings by decile of the prediction: the mean rating over the mean "
                      "prediction. On the dashed line a model is right on average; a steeper "
                      "course is a model that stays too close to the mean."};
  drawing.data.header = {"model", "predicted", "observed", "rows"};
  Script script;
  double low = INFINITY;
  double high = -INFINITY;
  for (std::size_t m = 0; m < view.models().size(); ++m) {
    std::vector<std::vector<double>> rows;
    for (const Json& decile : at(view.part("calibration"), view.models()[m].name)) {
      rows.push_back({plotted(at(decile, "predicted")), plotted(at(decile, "observed"))});
      for (const double value : rows.back()) {
        low = std::isfinite(value) ? std::min(low, value) : low;
        high = std::isfinite(value) ? std::max(high, value) : high;
      }
      drawing.data.rows.push_back({view.models()[m].name, csv_number(at(decile, "predicted")),
                                   csv_number(at(decile, "observed")),
                                   csv_number(at(decile, "rows"))});
    }
    if (!rows.empty()) {
      script.add(script.data(rows) + " using 1:2 with linespoints ps 0.6 " + model_line(view, m) +
                 " " + series_point(m) + " title " + gnuplot_string(key_title(view.models()[m])));
    }
  }
  if (drawing.data.rows.empty()) {
    return std::nullopt;
  }
  const std::string line = script.data({{low, low}, {high, high}});
  script.add(line + " using 1:2 with lines notitle lw 1 dt 2 lc rgb '" + std::string(kFaint.light) +
             "'");
  place_key(drawing, script, key_titles(view));
  script.x_title("mean prediction").y_title("mean rating").plot();
  drawing.script = script.text();
  return drawing;
}

std::optional<Drawing> draw_convergence(const ResultsView& view) {
  Drawing drawing{.name = "convergence",
                  .title = "Convergence",
                  .caption =
                      "RMSE on the training ratings after each iteration, a line for each "
                      "fold."};
  drawing.data.header = {"fold", "block", "iteration", "rmse"};
  Script script;
  std::vector<std::string> blocks;
  for (const Json& run : view.part("convergence")) {
    const std::string block = text(at(run, "block"));
    auto place = std::find(blocks.begin(), blocks.end(), block);
    const bool first = place == blocks.end();
    if (first) {
      place = blocks.insert(place, block);
    }
    std::vector<std::vector<double>> rows;
    for (const Json& rmse : at(run, "rmse")) {
      rows.push_back({static_cast<double>(rows.size() + 1), plotted(rmse)});
      drawing.data.rows.push_back(
          {text(at(run, "fold")), block, std::to_string(rows.size()), csv_number(rmse)});
    }
    if (rows.empty()) {
      continue;
    }
    const std::size_t model = view.index_of(block);
    const std::size_t series =
        model < view.models().size()
            ? model
            : view.models().size() + static_cast<std::size_t>(place - blocks.begin());
    script.add(script.data(rows) + " using 1:2 with linespoints ps 0.4 lw 1.2 " +
               series_line(series) + " " + series_point(series) +
               (first ? " title " + gnuplot_string(shortened(view.title_of(block), 16))
                      : std::string(" notitle")));
  }
  if (drawing.data.rows.empty()) {
    return std::nullopt;
  }
  place_key(drawing, script, blocks);
  script.x_title("iteration").y_title("RMSE on training ratings").plot();
  drawing.script = script.text();
  return drawing;
}

}  // namespace balse::report
