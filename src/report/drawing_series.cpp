#include "drawing.hpp"
#include "escape.hpp"
#include "numbers.hpp"
#include "palette.hpp"
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
  constexpr int kSeriesHeight = 325;
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
  Script script;
  std::vector<std::string> names;
  for (const SeriesView::Point& point : series->points) {
    names.push_back(shortened(point.value, 16));
  }
  std::vector<std::string> titles;
  const auto models = static_cast<double>(view.models().size());
  for (std::size_t m = 0; m < view.models().size(); ++m) {
    const ModelRow& model = view.models()[m];
    titles.push_back(key_title(model));
    std::vector<std::vector<double>> rows;
    for (std::size_t k = 0; k < series->points.size(); ++k) {
      const Json& figure = series->points[k].figure(model.name);
      const double beside = 0.4 * ((static_cast<double>(m) + 0.5) / models - 0.5);
      const double rmse = plotted(at(figure, "rmse"));
      const double half = number(at(figure, "halfwidth")).value_or(0.0);
      rows.push_back({static_cast<double>(k) + beside, rmse, rmse - half, rmse + half});
      drawing.data.rows.push_back({series->points[k].value, model.name,
                                   csv_number(at(figure, "rmse")),
                                   csv_number(at(figure, "halfwidth"))});
    }
    const std::string block = script.data(rows);
    script.add(block + " using 1:3:(0):($4-$3) with vectors nohead " + model_line(view, m) +
               " notitle");
    script.add(block + " using 1:2 with linespoints ps 0.7 " + model_line(view, m) + " " +
               series_point(m) + " title " + gnuplot_string(titles.back()));
  }
  script.line("set key below horizontal center samplen 2 textcolor rgb '" +
              std::string(kInk.light) + "'");
  drawing.height = kSeriesHeight + key_height(titles, drawing.width);
  script.x_title(series->heading).y_title("RMSE");
  script.words("x", names, names.size() > 7);
  script.line("set xrange [-0.5:" + plot_number(static_cast<double>(names.size()) - 0.5) + "]");
  script.plot();
  drawing.script = script.text();
  return drawing;
}

}  // namespace balse::report
