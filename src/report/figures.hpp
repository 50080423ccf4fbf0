#pragma once

#include <string>
#include <vector>

#include "drawing.hpp"

namespace balse::report {

/// A drawing and its pictures; empty where gnuplot did not draw them.
struct DrawnFigure {
  Drawing drawing;
  std::string svg;
  std::string png;
};

struct DrawnFigures {
  std::vector<DrawnFigure> figures;
  std::string problem;  ///< the first reason why one was not drawn
};

/// Draws all with gnuplot, a process for each picture; without gnuplot it is asked for once.
DrawnFigures draw_figures(const ResultsView& view);

/// gnuplot's SVG as a part of a page: without what surrounds it and what pages do not need, with
/// colours by the page's variables, ids of its own, and an accessible name. Empty where it has
/// anything that no drawing has (a script, a link, an unknown element).
std::string inline_svg(std::string_view svg, const std::string& name,
                       const std::string& accessible_name);

}  // namespace balse::report
