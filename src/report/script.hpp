#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results_view.hpp"

namespace balse::report {

/// A gnuplot script that grows. Names of others go into it by gnuplot_string() only, numbers by
/// plot_number().
class Script {
 public:
  Script& line(std::string_view text);
  /// A named block of data, of rows of numbers; returns its name.
  std::string data(const std::vector<std::vector<double>>& rows);
  Script& x_title(std::string_view title) { return axis_title("x", title); }
  Script& y_title(std::string_view title) { return axis_title("y", title); }
  Script& axis_title(std::string_view axis, std::string_view title);
  /// Words instead of numbers at 0, 1, 2, ...; `rotated` are slanted.
  Script& words(std::string_view axis, const std::vector<std::string>& names, bool rotated = false);
  /// A plot of what add() was given since the last one.
  Script& add(std::string_view element);
  Script& plot();

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<std::string> elements_;
  int blocks_ = 0;
};

/// "NaN" for what is no number.
std::string plot_number(double value);
/// NaN where there is none.
double plotted(const Json& json);

/// Height that a key of such titles takes below a plot of `width` pixels.
int key_height(const std::vector<std::string>& titles, int width);
/// What a key says of a model.
std::string key_title(const ModelRow& model);
/// "lc ... dt ... lw ...": the same for a model in all figures; blends are thicker.
std::string model_line(const ResultsView& view, std::size_t model);

/// One plot of several that share the words at their left: a row for each, the first at the top.
struct Panel {
  struct Row {
    double value = 0.0;  ///< NaN: left empty
    double low = 0.0;    ///< NaN: no interval
    double high = 0.0;
    std::string line;   ///< its colour and how its interval is drawn
    std::string point;  ///< "pt 7"; of a bar nothing
  };
  std::string title;
  std::vector<Row> rows;
  bool bars = false;  ///< from 0, instead of points
  bool zero = false;  ///< 0 is in it and has a line
};

struct PanelPage {
  std::string script;
  int height = 0;
};

/// Panels side by side in `columns`, `width` pixels wide.
PanelPage panels(const std::vector<std::string>& words, const std::vector<Panel>& plots,
                 std::size_t columns, int width);

}  // namespace balse::report
