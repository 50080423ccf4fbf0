#include "html.hpp"
#include "numbers.hpp"
#include "page.hpp"

namespace balse::report {

Section series_section(const PageInputs& page) {
  const ResultsView& view = page.view;
  const std::optional<SeriesView> series = find_series(view);
  if (!series) {
    return {.id = "study", .title = "Study", .html = {}};
  }
  HtmlTable table("RMSE on all test ratings by " + series->heading);
  std::vector<std::string> head = {series->heading, "train ratings"};
  for (const ModelRow& model : view.models()) {
    head.push_back(model.title);
  }
  table.head(head);
  for (const SeriesView::Point& point : series->points) {
    table.cell(point.value);
    table.cell(grouped(count(at(*point.json, "train_rows"))));
    for (const ModelRow& model : view.models()) {
      table.cell(fixed_or_dash(number(at(point.figure(model.name), "rmse")), 4));
    }
    table.end_row();
  }
  return {.id = "study", .title = "Study", .html = figures_html(page, {"series"}) + table.html()};
}

}  // namespace balse::report
