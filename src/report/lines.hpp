#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drawing.hpp"
#include "script.hpp"

namespace balse::report {

/// A point of a line, with its interval; where there is none, low and high are the value.
struct LinePoint {
  double value = 0.0;
  double low = 0.0;
  double high = 0.0;
};

/// As the key has them.
std::vector<std::string> key_titles(const ResultsView& view);
/// Room for the key below the plot.
void place_key(Drawing& drawing, Script& script, const std::vector<std::string>& titles);

/// The script of RMSE as a line for each model over words, side by side where intervals would hide
/// each other.
void draw_lines_over(
    const ResultsView& view, const std::vector<std::string>& words, const std::string& x_title,
    Drawing& drawing,
    const std::function<LinePoint(const ModelRow& model, std::size_t word)>& point);

}  // namespace balse::report
