#include "drawing.hpp"
#include "lines.hpp"
#include "script.hpp"

namespace balse::report {

std::optional<SeriesView> find_series(const ResultsView& view) {
  for (const char* list : {"learning_curve", "sweep", "ablation"}) {
    const Json& points = view.part(list);
    if (!points.is_array() || points.empty() || !points.front().is_object()) {
      continue;
    }
    SeriesView series;
    series.column = points.front().begin().key();  // the value stands first
    series.heading = series.column == "train_size" ? "train size" : series.column;
    for (const Json& point : points) {
      series.points.push_back({.value = text(at(point, series.column)), .json = &point});
    }
    return series;
  }
  return std::nullopt;
}

const Json& SeriesView::Point::figure(const std::string& model) const {
  return at(at(at(*json, "figures"), model), "all");
}

std::optional<Drawing> draw_series(const ResultsView& view) {
  const std::optional<SeriesView> series = find_series(view);
  if (!series || view.models().empty()) {
    return std::nullopt;
  }
  Drawing drawing{.name = "series",
                  .title = "RMSE by " + series->heading,
                  .caption =
                      "Means over the folds of all test ratings; lines at the points are "
                      "±1.96 sd/sqrt(folds), where there are several."};
  drawing.data.header = {series->column, "model", "rmse", "halfwidth"};
  std::vector<std::string> values;
  for (const SeriesView::Point& point : series->points) {
    values.push_back(point.value);
  }
  for (const ModelRow& model : view.models()) {
    for (const SeriesView::Point& point : series->points) {
      const Json& figure = point.figure(model.name);
      drawing.data.rows.push_back({point.value, model.name, csv_number(at(figure, "rmse")),
                                   csv_number(at(figure, "halfwidth"))});
    }
  }
  draw_lines_over(view, values, series->heading, drawing,
                  [&](const ModelRow& model, std::size_t k) {
                    const Json& figure = series->points[k].figure(model.name);
                    const double rmse = plotted(at(figure, "rmse"));
                    const double half = number(at(figure, "halfwidth")).value_or(0.0);
                    return LinePoint{.value = rmse, .low = rmse - half, .high = rmse + half};
                  });
  return drawing;
}

}  // namespace balse::report
