#include <algorithm>
#include <cmath>
#include <map>

#include "drawing.hpp"
#include "escape.hpp"
#include "numbers.hpp"
#include "palette.hpp"
#include "script.hpp"

namespace balse::report {
namespace {

/// Where an axis of logarithms has the count 0, left of 1.
constexpr double kPlaceOfZero = 0.32;
constexpr std::size_t kMostTags = 20;
constexpr std::size_t kMostTastes = 12;

/// [[ratings, how many], ...] as pairs of numbers.
std::vector<std::pair<double, double>> pairs_of(const Json& list) {
  std::vector<std::pair<double, double>> pairs;
  for (const Json& entry : list) {
    if (entry.is_array() && entry.size() == 2 && number(entry[0]) && number(entry[1])) {
      pairs.emplace_back(*number(entry[0]), *number(entry[1]));
    }
  }
  return pairs;
}

void add_pairs(DataTable& table, const std::string& series, const Json& list) {
  for (const Json& entry : list) {
    if (entry.is_array() && entry.size() == 2) {
      table.rows.push_back({series, csv_number(entry[0]), csv_number(entry[1])});
    }
  }
}

/// Items by count: 0, 1, 2 to 3, 4 to 7, ...; rows of left edge, right edge, items.
std::vector<std::vector<double>> items_by_doubling(const Json& list) {
  std::map<int, double> bins;
  for (const auto& [ratings, items] : pairs_of(list)) {
    bins[ratings < 1.0 ? -1 : static_cast<int>(std::floor(std::log2(ratings)))] += items;
  }
  std::vector<std::vector<double>> rows;
  for (const auto& [bin, items] : bins) {
    const double left = bin < 0 ? 0.2 : std::exp2(bin) - 0.5;
    const double right = bin < 0 ? 0.5 : std::exp2(bin + 1) - 0.5;
    rows.push_back({std::sqrt(left * right), items / 2, left, right, 0.0, items});
  }
  return rows;
}

std::vector<std::vector<double>> at_least(const Json& list) {
  const auto pairs = pairs_of(list);
  std::vector<std::vector<double>> rows;
  double sum = 0.0;
  for (std::size_t k = pairs.size(); k-- > 0;) {
    sum += pairs[k].second;
    if (pairs[k].first >= 1.0) {
      rows.push_back({pairs[k].first, sum});
    }
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

std::string bar_style(std::string_view colour) {
  return "lc rgb '" + std::string(colour) + "'";
}

/// A page of one panel of bars.
void draw_bars(Drawing& drawing, const std::vector<std::string>& words, Panel panel) {
  panel.bars = true;
  const PanelPage page = panels(words, {std::move(panel)}, 1, drawing.width);
  drawing.script = page.script;
  drawing.height = page.height;
}

}  // namespace

std::optional<Drawing> draw_gate(const ResultsView& view) {
  Drawing drawing{.name = "gate",
                  .title = "The gate over the items' counts",
                  .caption =
                      "What BALSE makes of ALS and LASSO: lines are the weight of ALS by how "
                      "many ratings an item has, one for each fold (left axis); the rest is "
                      "LASSO's. Bars are how many items have that many ratings (right axis), "
                      "by doublings: 1, 2 to 3, 4 to 7 ..."};
  drawing.data.header = {"series", "count", "value"};
  Script script;
  const Json& items = at(view.part("counts"), "items");
  add_pairs(drawing.data, "items", items);
  if (const auto bars = items_by_doubling(items); !bars.empty()) {
    script.add(script.data(bars) +
               " using 1:2:3:4:5:6 axes x1y2 with boxxyerror fillstyle solid "
               "border rgb '" +
               std::string(kPaper.light) + "' title 'items' " + bar_style(kBars.light));
  }
  bool any = false;
  for (const Json& fold : view.part("gate")) {
    std::vector<std::vector<double>> rows;
    for (const Json& point : at(fold, "curve")) {
      const double count = plotted(at(point, "count"));
      rows.push_back({count < 1.0 ? kPlaceOfZero : count, plotted(at(point, "weight"))});
      drawing.data.rows.push_back({"fold " + text(at(fold, "fold")), csv_number(at(point, "count")),
                                   csv_number(at(point, "weight"))});
    }
    if (!rows.empty()) {
      script.add(script.data(rows) + " using 1:2 axes x1y1 with lines lw 2 " +
                 bar_style(series_colour(3)) +
                 (any ? " notitle" : " title 'weight of ALS, a line a fold'"));
      any = true;
    }
  }
  if (!any) {
    return std::nullopt;
  }
  script.line("set logscale x").line("set xrange [0.18:*]").line("set yrange [0:1]");
  script.line("set xtics ('0' " + plot_number(kPlaceOfZero) +
              ", '1' 1, '10' 10, '100' 100, '1000' 1000, '10000' 10000, '100000' 100000)");
  script.line("set border 11").line("set y2tics").line("set y2range [0:*]");
  script.line("set key below horizontal center samplen 2 textcolor rgb '" +
              std::string(kInk.light) + "'");
  script.x_title("ratings of the item").y_title("weight of ALS").axis_title("y2", "items").plot();
  drawing.height = 375;
  drawing.script = script.text();
  return drawing;
}

std::optional<Drawing> draw_counts(const ResultsView& view) {
  const Json& counts = view.part("counts");
  Drawing drawing{.name = "counts",
                  .title = "Long tails",
                  .caption =
                      "How many items and users have at least so many ratings; both axes are "
                      "logarithmic. Items and users without any are not shown."};
  drawing.data.header = {"of", "ratings", "how_many"};
  Script script;
  std::size_t series = 3;
  for (const char* of : {"items", "users"}) {
    add_pairs(drawing.data, of, at(counts, of));
    if (const auto rows = at_least(at(counts, of)); !rows.empty()) {
      script.add(script.data(rows) + " using 1:2 with linespoints ps 0.4 lw 1.4 " +
                 series_line(series) + " " + series_point(series) + " title '" + of + "'");
    }
    series += 2;
  }
  if (drawing.data.rows.empty()) {
    return std::nullopt;
  }
  script.line("set logscale xy").line("set format '%.0f'");
  script.line("set key top right samplen 2 textcolor rgb '" + std::string(kInk.light) + "'");
  script.x_title("ratings").y_title("items or users with at least so many").plot();
  drawing.script = script.text();
  return drawing;
}

std::optional<Drawing> draw_tags_per_item(const ResultsView& view) {
  const auto pairs = pairs_of(at(view.part("tags"), "per_item"));
  if (pairs.empty()) {
    return std::nullopt;
  }
  Drawing drawing{.name = "tags-per-item",
                  .title = "Tags of an item",
                  .caption = "How many items have so many tags."};
  drawing.data.header = {"series", "tags", "items"};
  add_pairs(drawing.data, "items", at(view.part("tags"), "per_item"));
  Script script;
  std::vector<std::vector<double>> rows;
  rows.reserve(pairs.size());
  for (const auto& [tags, items] : pairs) {
    rows.push_back({tags, items});
  }
  script.add(script.data(rows) + " using 1:2:(0.86) with boxes fillstyle solid noborder notitle " +
             bar_style(series_colour(3)));
  script.x_title("tags").y_title("items").line("set yrange [0:*]").line("set xrange [-0.6:*]");
  script.plot();
  drawing.script = script.text();
  return drawing;
}

std::optional<Drawing> draw_most_used_tags(const ResultsView& view) {
  Drawing drawing{.name = "tags-most-used",
                  .title = "Most used tags",
                  .caption = "How many items have the tag."};
  drawing.data.header = {"tag", "items"};
  std::vector<std::string> words;
  Panel panel{.title = "items"};
  for (const Json& tag : at(view.part("tags"), "most_used")) {
    drawing.data.rows.push_back({text(at(tag, "tag")), csv_number(at(tag, "items"))});
    if (words.size() < kMostTags) {
      words.push_back(text(at(tag, "tag")));
      panel.rows.push_back({plotted(at(tag, "items")), NAN, NAN, bar_style(series_colour(3)), ""});
    }
  }
  if (words.empty()) {
    return std::nullopt;
  }
  draw_bars(drawing, words, std::move(panel));
  return drawing;
}

std::optional<Drawing> draw_loved_tags(const ResultsView& view) {
  Drawing drawing{.name = "tags-loved-hated",
                  .title = "Most loved and most hated tags",
                  .caption =
                      "Mean coefficient over the users who have one, in the LASSO of the "
                      "first fold: by how much a prediction rises or falls where the tag has "
                      "weight 1."};
  drawing.data.header = {"list", "tag", "coefficient", "users"};
  std::vector<std::string> words;
  Panel panel{.title = "mean coefficient", .zero = true};
  for (const char* list : {"loved", "hated"}) {
    std::size_t shown = 0;
    for (const Json& tag : at(view.part("tags"), list)) {
      drawing.data.rows.push_back({list, text(at(tag, "tag")), csv_number(at(tag, "coefficient")),
                                   csv_number(at(tag, "users"))});
      if (shown++ < kMostTastes) {
        const double value = plotted(at(tag, "coefficient"));
        words.push_back(text(at(tag, "tag")));
        panel.rows.push_back({value, NAN, NAN, bar_style(series_colour(value < 0.0 ? 5 : 3)), ""});
      }
    }
  }
  if (words.empty()) {
    return std::nullopt;
  }
  draw_bars(drawing, words, std::move(panel));
  return drawing;
}

std::optional<Drawing> draw_stages(const ResultsView& view) {
  Drawing drawing{.name = "stages",
                  .title = "Time and memory of each stage",
                  .caption =
                      "Seconds, and the most memory that the process had by the end of the "
                      "stage."};
  drawing.data.header = {"stage", "seconds", "peak_bytes"};
  std::vector<std::string> words;
  Panel seconds{.title = "seconds", .bars = true};
  Panel memory{.title = "MB", .bars = true};
  for (const Json& stage : view.part("stages")) {
    words.push_back(text(at(stage, "stage")));
    drawing.data.rows.push_back(
        {words.back(), csv_number(at(stage, "seconds")), csv_number(at(stage, "peak_bytes"))});
    seconds.rows.push_back(
        {plotted(at(stage, "seconds")), NAN, NAN, bar_style(series_colour(3)), ""});
    memory.rows.push_back(
        {plotted(at(stage, "peak_bytes")) / 1e6, NAN, NAN, bar_style(series_colour(2)), ""});
  }
  if (words.empty()) {
    return std::nullopt;
  }
  const PanelPage page = panels(words, {seconds, memory}, 2, drawing.width);
  drawing.script = page.script;
  drawing.height = page.height;
  return drawing;
}

}  // namespace balse::report
