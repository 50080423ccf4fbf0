#include "lines.hpp"

#include "escape.hpp"
#include "palette.hpp"

namespace balse::report {

std::vector<std::string> key_titles(const ResultsView& view) {
  std::vector<std::string> titles;
  for (const ModelRow& model : view.models()) {
    titles.push_back(key_title(model));
  }
  return titles;
}

void place_key(Drawing& drawing, Script& script, const std::vector<std::string>& titles) {
  constexpr int kPlotHeight = 325;
  script.line("set key below horizontal center samplen 2 textcolor rgb '" +
              std::string(kInk.light) + "'");
  drawing.height = kPlotHeight + key_height(titles, drawing.width);
}

void draw_lines_over(
    const ResultsView& view, const std::vector<std::string>& words, const std::string& x_title,
    Drawing& drawing,
    const std::function<LinePoint(const ModelRow& model, std::size_t word)>& point) {
  constexpr std::size_t kMostLetters = 16;
  constexpr double kWidth = 0.6;  // of the way from word to word
  Script script;
  std::vector<std::string> names;
  names.reserve(words.size());
  for (const std::string& word : words) {
    names.push_back(shortened(word, kMostLetters));
  }
  const std::vector<std::string> titles = key_titles(view);
  const auto models = static_cast<double>(titles.size());
  for (std::size_t m = 0; m < titles.size(); ++m) {
    const double beside = kWidth * ((static_cast<double>(m) + 0.5) / models - 0.5);
    std::vector<std::vector<double>> rows;
    for (std::size_t word = 0; word < words.size(); ++word) {
      const LinePoint at = point(view.models()[m], word);
      rows.push_back({static_cast<double>(word) + beside, at.value, at.low, at.high});
    }
    const std::string block = script.data(rows);
    script.add(block + " using 1:3:(0):($4-$3) with vectors nohead " + model_line(view, m) +
               " notitle");
    script.add(block + " using 1:2 with linespoints ps 0.7 " + model_line(view, m) + " " +
               series_point(m) + " title " + gnuplot_string(titles[m]));
  }
  place_key(drawing, script, titles);
  script.x_title(x_title).y_title("RMSE");
  script.words("x", names, names.size() > 7);
  script.line("set xrange [-0.5:" + plot_number(static_cast<double>(words.size()) - 0.5) + "]");
  script.plot();
  drawing.script = script.text();
}

}  // namespace balse::report
