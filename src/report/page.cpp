#include "page.hpp"

#include <algorithm>

#include "escape.hpp"
#include "html.hpp"
#include "numbers.hpp"
#include "table_cells.hpp"

namespace balse::report {
namespace {

constexpr std::size_t kMostDataRows = 200;

/// "ratings.csv" of the first input of that role.
std::string file_of_role(const ResultsView& view, const char* role) {
  for (const Json& input : at(view.part("manifest"), "inputs")) {
    if (text(at(input, "role")) == role) {
      const std::string path = text(at(input, "path"));
      return path.substr(path.rfind('/') + 1);
    }
  }
  return {};
}

std::string page_title(const ResultsView& view) {
  const std::string ratings = file_of_role(view, "ratings");
  return "Evaluation of " + grouped(view.models().size(), "model") +
         (ratings.empty() || ratings == "-" ? "" : " on " + ratings);
}

/// "2026-01-02 03:04:05 UTC" of what the results have.
std::string readable_date(std::string date) {
  if (date.size() == 20 && date[10] == 'T' && date.back() == 'Z') {
    date[10] = ' ';
    date.replace(19, 1, " UTC");
  }
  return date;
}

std::string made_line(const ResultsView& view) {
  const Json& manifest = view.part("manifest");
  std::string line = "Made by balse " + text(at(manifest, "version"));
  if (const std::string date = text(at(manifest, "date")); !date.empty()) {
    line += " on " + readable_date(date);
  }
  if (const auto seconds = number(at(manifest, "seconds"))) {
    line += " in " + duration(*seconds);
  }
  return line + ".";
}

std::string subset_title(const std::string& subset) {
  return "Best on " + (subset == "all" ? std::string("all test ratings") : subset + " items");
}

/// The best of each subset.
std::string findings(const ResultsView& view) {
  std::string items;
  for (const std::string& subset : view.subsets()) {
    const std::size_t best = view.best(subset);
    if (best == view.models().size()) {
      continue;
    }
    std::string tied;
    for (std::size_t m = 0; m < view.models().size(); ++m) {
      if (view.mark(m, subset) == Mark::tied) {
        tied += (tied.empty() ? "" : ", ") + view.models()[m].title;
      }
    }
    items +=
        "<div><dt>" + escape_html(subset_title(subset)) + "</dt><dd>" +
        strong(view.models()[best].title) + " <span>RMSE " +
        table_cell(view, best, subset, "rmse").value + "</span>" +
        (tied.empty() ? "" : "<small>cannot be told from it: " + escape_html(tied) + "</small>") +
        "</dd></div>\n";
  }
  return items.empty() ? "" : "<dl class=\"findings\">\n" + items + "</dl>\n";
}

std::string data_table(const Drawing& drawing) {
  HtmlTable table("Data of the figure: " + drawing.title);
  table.head(drawing.data.header);
  for (const auto& row : drawing.data.rows) {
    if (table.rows() == kMostDataRows) {
      break;
    }
    for (const std::string& field : row) {
      table.cell(field);
    }
    table.end_row();
  }
  const std::size_t rows = drawing.data.rows.size();
  return table.html() + (rows > kMostDataRows ? paragraph("The first " + grouped(kMostDataRows) +
                                                              " of " + grouped(rows) + " rows.",
                                                          "note")
                                              : "");
}

std::string file_links(const DrawnFigure& figure) {
  std::string links;
  const auto add = [&](const char* type, const char* name) {
    links += " <a href=\"figures/" + figure.drawing.name + "." + type + "\">" + name + "</a>";
  };
  add("csv", "CSV");
  if (!figure.svg.empty()) {
    add("svg", "SVG");
  }
  if (!figure.png.empty()) {
    add("png", "PNG");
  }
  return "<span class=\"files\">" + links.substr(1) + "</span>";
}

}  // namespace

std::string figure_html(const PageInputs& page, const std::string& name) {
  const auto& figures = page.drawn.figures;
  const auto found = std::find_if(figures.begin(), figures.end(), [&](const DrawnFigure& figure) {
    return figure.drawing.name == name;
  });
  if (found == figures.end()) {
    return {};
  }
  const Drawing& drawing = found->drawing;
  std::string picture = inline_svg(found->svg, name, drawing.title);
  if (picture.empty()) {
    picture = data_table(drawing);
  }
  return "<figure id=\"figure-" + name + "\">\n" + picture + "\n<figcaption>" +
         strong(drawing.title + ".") + " " + escape_html(drawing.caption) + " " +
         file_links(*found) + "</figcaption>\n</figure>\n";
}

std::string figures_html(const PageInputs& page, const std::vector<std::string>& names) {
  std::string html;
  for (const std::string& name : names) {
    html += figure_html(page, name);
  }
  return html.empty() ? "" : "<div class=\"figures\">\n" + html + "</div>\n";
}

std::string render_page(const PageInputs& page) {
  const ResultsView& view = page.view;
  const std::string title = page_title(view);
  std::string contents;
  std::string body;
  for (const auto make : {series_section, accuracy_section, comparisons_section, gate_section,
                          slices_section, users_section, ranking_section, data_section,
                          posters_section, training_section, made_section, repeat_section}) {
    const Section section = make(page);
    if (!section.html.empty()) {
      contents +=
          "<li><a href=\"#" + section.id + "\">" + escape_html(section.title) + "</a></li>\n";
      body += "<section aria-labelledby=\"" + section.id + "\">\n" +
              section_heading(section.id, section.title) + section.html + "</section>\n";
    }
  }
  std::string problem;
  if (!page.drawn.problem.empty()) {
    problem = paragraph("Figures are missing here, and their data stand in tables instead: " +
                            page.drawn.problem + ".",
                        "problem");
  }
  // No script, and nothing from elsewhere, whatever the data say.
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'; img-src data:\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" "
         "href=\"data:,\">\n"
         "<title>" +
         escape_html(title) + "</title>\n<style>\n" + page_style() +
         "</style>\n</head>\n<body>\n<header>\n<h1>" + escape_html(title) + "</h1>\n" +
         paragraph(protocol_and_data(view) + ".", "lead") + paragraph(made_line(view), "note") +
         findings(view) + problem + "</header>\n<nav aria-label=\"Contents\">\n<ul>\n" + contents +
         "</ul>\n</nav>\n<main>\n" + body +
         "</main>\n<footer><p>The same in numbers: <a href=\"results.json\">results.json</a>, the "
         "table as <a href=\"table.md\">Markdown</a> and <a href=\"table.tex\">LaTeX</a>.</p>"
         "</footer>\n</body>\n</html>\n";
}

}  // namespace balse::report
