#include "figures.hpp"

#include <utility>

#include "gnuplot.hpp"
#include "palette.hpp"

namespace balse::report {
namespace {

/// What all figures have in common.
std::string common_style() {
  const std::string ink = "rgb '" + std::string(kInk.light) + "'";
  const std::string grid = "rgb '" + std::string(kGrid.light) + "'";
  return "set encoding utf8\n"
         "set border 3 lw 1 lc " +
         ink +
         "\n"
         "set tics nomirror scale 0.5 textcolor " +
         ink +
         "\n"
         "set grid xtics ytics lt 1 lw 0.8 dt 1 lc " +
         grid +
         "\n"
         "set style fill solid noborder\n";
}

std::string svg_terminal(const Drawing& drawing) {
  return "set terminal svg size " + std::to_string(drawing.width) + "," +
         std::to_string(drawing.height) +
         " dynamic noenhanced font 'sans-serif,13' background rgb '" + std::string(kPaper.light) +
         "'\n";
}

/// Twice as many pixels: for slides and for paper.
std::string png_terminal(const Drawing& drawing) {
  constexpr int kScale = 2;
  const std::string scale = std::to_string(kScale);
  return "set terminal pngcairo size " + std::to_string(kScale * drawing.width) + "," +
         std::to_string(kScale * drawing.height) + " noenhanced font 'sans,9' fontscale " + scale +
         " linewidth " + scale + " pointscale " + scale + " background rgb '" +
         std::string(kPaper.light) + "'\n";
}

}  // namespace

DrawnFigures draw_figures(const ResultsView& view) {
  DrawnFigures drawn;
  bool installed = true;
  const auto run = [&](const std::string& script) -> std::string {
    if (!installed) {
      return {};
    }
    Plotted plotted = run_gnuplot(script);
    installed = plotted.is_installed;
    if (drawn.problem.empty()) {
      drawn.problem = plotted.problem;
    }
    return std::move(plotted.output);
  };
  for (Drawing& drawing : draw_all(view)) {
    const std::string script = common_style() + drawing.script;
    std::string svg = run(svg_terminal(drawing) + script);
    std::string png = run(png_terminal(drawing) + script);
    drawn.figures.push_back({std::move(drawing), std::move(svg), std::move(png)});
  }
  return drawn;
}

}  // namespace balse::report
