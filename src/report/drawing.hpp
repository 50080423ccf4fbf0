#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results_view.hpp"

namespace balse::report {

/// A figure's data: figures/NAME.csv.
struct DataTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  std::string csv() const;
};

/// A figure that is to be drawn.
struct Drawing {
  std::string name;     ///< of its files
  std::string title;    ///< a few words
  std::string caption;  ///< what is to be seen, and what the parts of the picture are
  DataTable data;
  int width = 440;  ///< pixels of the SVG
  int height = 330;
  std::string script;  ///< gnuplot's, but for the terminal and what all figures have in common
};

/// A number of the JSON as CSV has it: with all its digits, empty where there is none.
std::string csv_number(const Json& json);

/// What --train-size, --sweep or --ablate varied.
struct SeriesView {
  struct Point {
    std::string value;
    const Json* json = nullptr;

    /// Of a model, over all test ratings.
    const Json& figure(const std::string& model) const;
  };

  std::string column;   ///< "train_size"
  std::string heading;  ///< in words
  std::vector<Point> points;
};
std::optional<SeriesView> find_series(const ResultsView& view);

// Each of these is nothing where the results lack its part.

std::optional<Drawing> draw_series(const ResultsView& view);
std::optional<Drawing> draw_rmse(const ResultsView& view);
std::optional<Drawing> draw_differences(const ResultsView& view);
std::optional<Drawing> draw_gate(const ResultsView& view);
std::optional<Drawing> draw_counts(const ResultsView& view);
/// `by` as the results' slices have it.
std::optional<Drawing> draw_slices(const ResultsView& view, const std::string& by);
std::optional<Drawing> draw_users(const ResultsView& view);
std::optional<Drawing> draw_calibration(const ResultsView& view);
/// `scope` is "test_items" or "catalogue".
std::optional<Drawing> draw_ranking(const ResultsView& view, const std::string& scope);
std::optional<Drawing> draw_tags_per_item(const ResultsView& view);
std::optional<Drawing> draw_most_used_tags(const ResultsView& view);
std::optional<Drawing> draw_loved_tags(const ResultsView& view);
std::optional<Drawing> draw_convergence(const ResultsView& view);
std::optional<Drawing> draw_stages(const ResultsView& view);

/// The `by` of slices that reports know, in the order they are shown in.
const std::vector<std::string>& slice_kinds();

/// All that there are, in the order of the page.
std::vector<Drawing> draw_all(const ResultsView& view);
/// The names of all that there could be.
std::vector<std::string> all_drawing_names();

}  // namespace balse::report
