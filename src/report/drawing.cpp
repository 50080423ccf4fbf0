#include "drawing.hpp"

#include "balse/data/row_text.hpp"

namespace balse::report {

std::string DataTable::csv() const {
  std::string out;
  const auto add = [&](const std::vector<std::string>& fields) {
    for (std::size_t k = 0; k < fields.size(); ++k) {
      out += k == 0 ? "" : ",";
      append_field(out, fields[k], {});
    }
    out += '\n';
  };
  add(header);
  for (const std::vector<std::string>& row : rows) {
    add(row);
  }
  return out;
}

std::string csv_number(const Json& json) {
  return number(json) ? json.dump() : "";
}

std::vector<Drawing> draw_all(const ResultsView& view) {
  std::vector<Drawing> drawings;
  const auto add = [&](std::optional<Drawing> drawing) {
    if (drawing) {
      drawings.push_back(std::move(*drawing));
    }
  };
  add(draw_series(view));
  add(draw_rmse(view));
  add(draw_differences(view));
  add(draw_gate(view));
  for (const std::string& by : slice_kinds()) {
    add(draw_slices(view, by));
  }
  add(draw_users(view));
  add(draw_calibration(view));
  for (const char* scope : {"test_items", "catalogue"}) {
    add(draw_ranking(view, scope));
  }
  add(draw_counts(view));
  add(draw_tags_per_item(view));
  add(draw_most_used_tags(view));
  add(draw_loved_tags(view));
  add(draw_convergence(view));
  add(draw_stages(view));
  return drawings;
}

std::vector<std::string> all_drawing_names() {
  std::vector<std::string> names = {
      "series",      "rmse",          "differences",        "gate",
      "user-rmse",   "calibration",   "ranking-test-items", "ranking-catalogue",
      "counts",      "tags-per-item", "tags-most-used",     "tags-loved-hated",
      "convergence", "stages"};
  for (const std::string& by : slice_kinds()) {
    names.push_back("rmse-by-" + by);
  }
  return names;
}

}  // namespace balse::report
