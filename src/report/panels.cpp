#include <algorithm>
#include <cmath>

#include "escape.hpp"
#include "numbers.hpp"
#include "palette.hpp"
#include "script.hpp"

namespace balse::report {
namespace {

constexpr std::size_t kLongestWord = 18;
constexpr int kWordCharacter = 7;
constexpr int kRowHeight = 18;
constexpr int kAboveAndBelow = 70;
constexpr int kBetween = 26;

struct Extent {
  double low = 0.0;
  double high = 1.0;
  double step = 0.5;
};

/// The smallest of 1, 2 or 5 times a power of ten whose labels have room side by side.
double round_step(double length, double largest, int pixels) {
  double power = std::pow(10.0, std::floor(std::log10(length / 10.0)));
  for (int k = 0;; ++k) {
    const double step = power * (k % 3 == 0 ? 1.0 : k % 3 == 1 ? 2.0 : 5.0);
    const int digits = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    const auto label = static_cast<double>(fixed(largest, digits).size() + 1) * kWordCharacter;
    if (step / length * pixels >= label || step > length) {
      return step;
    }
    power *= k % 3 == 2 ? 10.0 : 1.0;
  }
}

Extent extent_of(const Panel& panel, int pixels) {
  double low = INFINITY;
  double high = -INFINITY;
  const auto include = [&](double value) {
    if (std::isfinite(value)) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  };
  for (const Panel::Row& row : panel.rows) {
    include(row.value);
    include(row.low);
    include(row.high);
  }
  if (panel.bars || panel.zero) {
    include(0.0);
  }
  if (low > high) {
    return {};
  }
  const double length = high > low ? high - low : std::max(1e-6, std::abs(high));
  const double margin = 0.06 * length;
  return {.low = panel.bars && low >= 0.0 ? 0.0 : low - margin,
          .high = high + margin,
          .step = round_step(length, std::max(std::abs(low), std::abs(high)), pixels)};
}

void plot_panel(Script& script, const Panel& panel) {
  const double last = static_cast<double>(panel.rows.size()) - 1.0;
  for (std::size_t r = 0; r < panel.rows.size(); ++r) {
    const Panel::Row& row = panel.rows[r];
    const double y = last - static_cast<double>(r);
    if (!std::isfinite(row.value)) {
      continue;
    }
    if (panel.bars) {
      const std::string block = script.data({{row.value / 2, y, std::min(0.0, row.value),
                                              std::max(0.0, row.value), y - 0.36, y + 0.36}});
      script.add(block + " using 1:2:3:4:5:6 with boxxyerror fillstyle solid noborder " + row.line +
                 " notitle");
      continue;
    }
    const std::string block = script.data({{row.value, y, row.low, row.high}});
    if (std::isfinite(row.low) && std::isfinite(row.high)) {
      script.add(block + " using 3:2:($4-$3):(0) with vectors nohead " + row.line + " notitle");
    }
    script.add(block + " using 1:2 with points ps 0.8 " + row.line + " " + row.point + " notitle");
  }
  // A panel without any figure still shows its place.
  script.add("NaN notitle").plot();
}

}  // namespace

PanelPage panels(const std::vector<std::string>& words, const std::vector<Panel>& plots,
                 std::size_t columns, int width) {
  std::vector<std::string> shown(words.rbegin(), words.rend());
  std::size_t longest = 0;
  for (std::string& word : shown) {
    word = shortened(word, kLongestWord);
    longest = std::max(longest, character_count(word));
  }
  const int rows = static_cast<int>((plots.size() + columns - 1) / columns);
  const int left = static_cast<int>(longest) * kWordCharacter + 16;
  const int inner = static_cast<int>(words.size()) * kRowHeight;
  const int height = rows * (inner + kAboveAndBelow);
  const int each =
      (width - left - 14 - kBetween * (static_cast<int>(columns) - 1)) / static_cast<int>(columns);
  Script script;
  script.line("unset key").line("set multiplot");
  script.line("set grid xtics").line("set grid noytics");
  script.line("set ytics scale 0");
  const auto screen = [&](std::string_view side, double part) {
    script.line("set " + std::string(side) + "margin at screen " + plot_number(part));
  };
  for (std::size_t p = 0; p < plots.size(); ++p) {
    const int column = static_cast<int>(p % columns);
    const int top = static_cast<int>(p / columns) * (inner + kAboveAndBelow) + 30;
    const int begin = left + column * (each + kBetween);
    screen("l", static_cast<double>(begin) / width);
    screen("r", static_cast<double>(begin + each) / width);
    screen("t", 1.0 - static_cast<double>(top) / height);
    screen("b", 1.0 - static_cast<double>(top + inner) / height);
    const Extent extent = extent_of(plots[p], each);
    script.line("set xrange [" + plot_number(extent.low) + ":" + plot_number(extent.high) + "]");
    script.line("set yrange [-0.6:" + plot_number(static_cast<double>(words.size()) - 0.4) + "]");
    script.line("set xtics " + plot_number(extent.step));
    if (column == 0) {
      script.words("y", shown);
    } else {
      script.line("set ytics ('' 0)");
    }
    script.line("set title " + gnuplot_string(plots[p].title) + " offset 0,-0.4 textcolor rgb '" +
                std::string(kInk.light) + "'");
    script.line(std::string("set border ") + (plots[p].bars && !plots[p].zero ? "2" : "1"));
    if (plots[p].zero) {
      script.line("set arrow 1 from 0, graph 0 to 0, graph 1 nohead lw 1.2 lc rgb '" +
                  std::string(kFaint.light) + "'");
    } else {
      script.line("unset arrow");
    }
    plot_panel(script, plots[p]);
  }
  script.line("unset multiplot");
  return {script.text(), height};
}

}  // namespace balse::report
