#include "script.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "balse/data/row_text.hpp"

#include "escape.hpp"
#include "palette.hpp"

namespace balse::report {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kLongestKeyTitle = 16;
constexpr int kCharacterWidth = 8;
constexpr int kKeyLineHeight = 17;

}  // namespace

Script& Script::line(std::string_view text) {
  text_ += text;
  text_ += '\n';
  return *this;
}

std::string Script::data(const std::vector<std::vector<double>>& rows) {
  std::string name = "$data" + std::to_string(blocks_++);
  line(name + " << END");
  for (const std::vector<double>& row : rows) {
    std::string numbers;
    for (const double value : row) {
      numbers += (numbers.empty() ? "" : " ") + plot_number(value);
    }
    line(numbers);
  }
  line("END");
  return name;
}

Script& Script::axis_title(std::string_view axis, std::string_view title) {
  // Below the x axis a second line, empty, keeps the key away.
  return line("set " + std::string(axis) + "label " + gnuplot_string(title) +
              (axis == "x" ? R"(."\n")" : "") + " textcolor rgb '" + std::string(kInk.light) + "'");
}

Script& Script::words(std::string_view axis, const std::vector<std::string>& names, bool rotated) {
  std::string list;
  for (std::size_t k = 0; k < names.size(); ++k) {
    list += (k == 0 ? "" : ", ") + gnuplot_tic(names[k]) + " " + std::to_string(k);
  }
  return line("set " + std::string(axis) + "tics " + (rotated ? "rotate by -35 " : "norotate ") +
              "(" + list + ")");
}

Script& Script::add(std::string_view element) {
  elements_.emplace_back(element);
  return *this;
}

Script& Script::plot() {
  std::string command;
  for (const std::string& element : elements_) {
    command += (command.empty() ? "plot " : ", \\\n     ") + element;
  }
  elements_.clear();
  return line(command);
}

std::string plot_number(double value) {
  return std::isfinite(value) ? exact_text(value) : "NaN";
}

double plotted(const Json& json) {
  return number(json).value_or(kNothing);
}

int key_height(const std::vector<std::string>& titles, int width) {
  std::size_t longest = 0;
  for (const std::string& title : titles) {
    longest = std::max(longest, character_count(title));
  }
  const int columns =
      std::max(1, width / (static_cast<int>(longest) * kCharacterWidth + 8 * kCharacterWidth));
  return (static_cast<int>(titles.size()) + columns - 1) / columns * kKeyLineHeight;
}

std::string key_title(const ModelRow& model) {
  return shortened(model.title, kLongestKeyTitle);
}

std::string model_line(const ResultsView& view, std::size_t model) {
  return series_line(model) + (view.models()[model].is_blend ? " lw 2.4" : " lw 1.4");
}

}  // namespace balse::report
