#include "balse/report/results_table.hpp"

#include <algorithm>

#include "escape.hpp"
#include "numbers.hpp"
#include "table_cells.hpp"

namespace balse {
namespace report {
namespace {

using Cells = std::vector<std::string>;

/// What a language of tables writes around a figure.
struct CellStyle {
  std::string_view plus_minus;
  std::string_view bold_begin;
  std::string_view bold_end;
  std::string_view tied;
  std::string_view none;
  std::string (*escape)(std::string_view);
};

constexpr CellStyle kMarkdown = {" ± ", "**", "**", " ≈", "–", escape_markdown};
constexpr CellStyle kLatex = {" $\\pm$ ", "\\textbf{", "}", R"(\rlap{$\,^{\approx}$})",
                              "--",       escape_latex};

std::string cell_text(const TableCell& cell, const CellStyle& style) {
  if (cell.value.empty()) {
    return std::string(style.none);
  }
  std::string out;
  out += cell.mark == Mark::best ? style.bold_begin : "";
  out += cell.value;
  out += cell.mark == Mark::best ? style.bold_end : "";
  if (!cell.halfwidth.empty()) {
    out += style.plus_minus;
    out += cell.halfwidth;
  }
  out += cell.mark == Mark::tied ? style.tied : "";
  return out;
}

/// The header, the test ratings and the folds, then a row for each model.
std::vector<Cells> table_rows(const ResultsView& view, std::string_view measure,
                              const std::string& name, const CellStyle& style) {
  std::vector<Cells> rows = {{name}, {"test ratings"}, {"folds with any, n"}};
  for (const std::string& subset : view.subsets()) {
    rows[0].push_back(style.escape(subset));
    rows[1].push_back(std::to_string(rows_of_subset(view, subset, "rows")));
    rows[2].push_back(std::to_string(rows_of_subset(view, subset, "folds")));
  }
  for (std::size_t m = 0; m < view.models().size(); ++m) {
    Cells row = {style.escape(view.models()[m].title)};
    for (const std::string& subset : view.subsets()) {
      row.push_back(cell_text(table_cell(view, m, subset, measure), style));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::size_t> widest(const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Cells& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], character_count(row[c]));
    }
  }
  return widths;
}

std::string table_line(const Cells& row, const std::vector<std::size_t>& widths,
                       std::string_view separator) {
  std::string line;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const std::string padding(widths[c] - character_count(row[c]), ' ');
    line += c == 0 ? row[c] + padding : std::string(separator) + padding + row[c];
  }
  return line;
}

std::string markdown_rows(const std::vector<Cells>& rows) {
  const std::vector<std::size_t> widths = widest(rows);
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += "| " + table_line(rows[r], widths, " | ") + " |\n";
    if (r == 0) {
      out += "|" + std::string(widths[0] + 2, '-');
      for (std::size_t c = 1; c < widths.size(); ++c) {
        out += "|" + std::string(widths[c] + 1, '-') + ":";
      }
      out += "|\n";
    }
  }
  return out;
}

/// On one line: a comment must not end early.
std::string latex_comment(std::string_view sentence) {
  return "% " + escape_latex(sentence) + "\n";
}

}  // namespace
}  // namespace report

std::string markdown_results_table(const Json& results) {
  using namespace report;
  const ResultsView view(results);
  std::string out = markdown_rows(table_rows(view, "rmse", "RMSE", kMarkdown));
  if (has_measure(view, "mae")) {
    out += "\n" + markdown_rows(table_rows(view, "mae", "MAE", kMarkdown));
  }
  if (const std::string made = protocol_and_data(view); !made.empty()) {
    out += "\n" + escape_markdown(made) + ".\n";
  }
  for (const std::string& note : table_notes(view, "bold", "≈")) {
    out += note + "\n";
  }
  return out;
}

std::string latex_results_table(const Json& results) {
  using namespace report;
  const ResultsView view(results);
  std::string out = latex_comment(protocol_and_data(view) + ".");
  for (const std::string& note : table_notes(view, "bold", "the sign of about equal")) {
    out += latex_comment(note);
  }
  out += "% \\usepackage{booktabs}\n\\begin{tabular}{l" + std::string(view.subsets().size(), 'r') +
         "}\n  \\toprule\n";
  const std::vector<Cells> rows = table_rows(view, "rmse", "RMSE", kLatex);
  const std::vector<std::size_t> widths = widest(rows);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    out += "  " + table_line(rows[r], widths, " & ") + " \\\\\n";
    out += r == 0 || r == 2 ? "  \\midrule\n" : "";
  }
  return out + "  \\bottomrule\n\\end{tabular}\n";
}

}  // namespace balse
