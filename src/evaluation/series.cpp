#include "balse/evaluation/series.hpp"

#include "balse/data/row_text.hpp"
#include "balse/evaluation/results_json.hpp"

#include "findings_text.hpp"
#include "report_text.hpp"
#include "text_table.hpp"

namespace balse {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// A model's rows beside each other: the curve is read downwards.
TextTable series_cells(const Series& series, const char* plus_minus) {
  const std::vector<SeriesPoint>& points = series.points;
  std::vector<TextTable> tables;
  tables.reserve(points.size());
  for (const SeriesPoint& point : points) {
    tables.push_back(report_text::cells(point.evaluation, plus_minus));
  }
  TextTable rows = {tables.front().front()};
  rows.front().insert(rows.front().begin() + 1, series.heading);
  for (std::size_t r = 1; r < tables.front().size(); ++r) {
    for (std::size_t p = 0; p < points.size(); ++p) {
      rows.push_back(tables[p][r]);
      rows.back().insert(rows.back().begin() + 1, points[p].value);
    }
  }
  return rows;
}

std::string series_note(const Series& series) {
  std::string text = series.note;
  if (series.points.front().evaluation.shown.intervals) {
    text += (text.empty() ? "" : " ") + std::string("Marks compare models at the same ") +
            series.heading + ".";
  }
  return text;
}

/// The note that all have, and that of the series.
std::string notes_of(const Series& series, const Manifest& manifest, const std::string& between) {
  const std::string own = series_note(series);
  return report_text::note(series.points.back().evaluation, manifest) +
         (own.empty() ? "" : between + own);
}

/// What was asked for besides the table, point by point.
std::string series_findings(const Series& series, std::string (*render)(const TextTable& table)) {
  std::string text;
  for (const SeriesPoint& point : series.points) {
    const std::string findings = findings_text(point.evaluation, render);
    text +=
        findings.empty() ? "" : "\nWith " + series.heading + " " + point.value + ":\n" + findings;
  }
  return text;
}

std::string series_table(const Series& series, const Manifest& manifest) {
  return manifest.protocol + "\n" + report_text::data_line(manifest) + "\n\n" +
         plain_text(series_cells(series, " ± ")) + "\n" + notes_of(series, manifest, "\n") + "\n" +
         series_findings(series, plain_text);
}

std::string series_markdown(const Series& series, const Manifest& manifest) {
  return markdown(series_cells(series, " ± ")) + "\n" + manifest.protocol + "; " +
         report_text::data_line(manifest) + ".\n" + notes_of(series, manifest, "\n") + "\n" +
         series_findings(series, markdown);
}

std::string series_latex(const Series& series, const Manifest& manifest) {
  auto rows = series_cells(series, " $\\pm$ ");
  for (TextRow& row : rows) {
    row[1] = replaced(row[1], "%", "\\%");
  }
  const auto widths = column_widths(rows);
  std::string text = "% " + notes_of(series, manifest, "\n% ") + "\n% " + manifest.protocol + "; " +
                     report_text::data_line(manifest) + "\n\\begin{tabular}{l" +
                     std::string(rows.front().size() - 1, 'r') + "}\n  \\hline\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += aligned(rows[r], widths, report_text::kLatex);
    text += r % series.points.size() == 0 ? "  \\hline\n" : "";  // below the header and each group
  }
  return text + "\\end{tabular}\n";
}

std::string series_csv(const Series& series, const Manifest& manifest) {
  std::string text;
  for (const SeriesPoint& point : series.points) {
    std::string value;
    append_field(value, point.value, {','});
    std::string lines = render_report(point.evaluation, manifest, ReportFormat::csv);
    const std::size_t header = lines.find('\n') + 1;
    if (text.empty()) {
      text.append(series.column).append(",").append(lines, 0, header);
    }
    value += ',';
    std::string between = "\n";
    between += value;
    lines = replaced(lines.substr(header), "\n", between);
    text.append(value).append(lines, 0, lines.size() - value.size());
  }
  return text;
}

}  // namespace

Json series_results(const Series& series, const Manifest& manifest) {
  Json json;
  for (const SeriesPoint& point : series.points) {
    Json own = {{series.column, point.value},
                {"train_rows", mean_train_rows(point.evaluation.result)}};
    const Json results = results_json(point.evaluation, manifest);
    for (const auto& [key, value] : results.items()) {
      const bool of_all =
          key == "schema" || key == "schema_version" || key == "manifest" || key == "models";
      (of_all ? json : own)[key] = value;
    }
    json[series.list].push_back(std::move(own));
  }
  return json;
}

double mean_train_rows(const CrossValidationResult& result) {
  double sum = 0.0;
  for (const FoldResult& fold : result.folds) {
    sum += static_cast<double>(fold.train_rows);
  }
  return result.folds.empty() ? 0.0 : sum / static_cast<double>(result.folds.size());
}

std::string render_series(const Series& series, Manifest manifest, ReportFormat format) {
  manifest.protocol += ", " + series.words;
  switch (format) {
    case ReportFormat::markdown:
      return series_markdown(series, manifest);
    case ReportFormat::latex:
      return series_latex(series, manifest);
    case ReportFormat::csv:
      return series_csv(series, manifest);
    case ReportFormat::json:
      // Paths and command lines may hold bytes that are no UTF-8; they must not break the report.
      return series_results(series, manifest).dump(2, ' ', false, Json::error_handler_t::replace) +
             "\n";
    case ReportFormat::table:
      break;
  }
  return series_table(series, manifest);
}

}  // namespace balse
