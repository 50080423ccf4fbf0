#include "balse/evaluation/learning_curve.hpp"

#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "balse/evaluation/results_json.hpp"

#include "findings_text.hpp"
#include "report_text.hpp"
#include "text_table.hpp"

namespace balse {
namespace {

using CurvePoints = std::vector<LearningCurvePoint>;

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

double mean_train_rows(const CrossValidationResult& result) {
  double sum = 0.0;
  for (const FoldResult& fold : result.folds) {
    sum += static_cast<double>(fold.train_rows);
  }
  return result.folds.empty() ? 0.0 : sum / static_cast<double>(result.folds.size());
}

/// A model's rows beside each other: the curve is read downwards.
TextTable curve_cells(const CurvePoints& points, const char* plus_minus) {
  std::vector<TextTable> tables;
  for (const LearningCurvePoint& point : points) {
    tables.push_back(report_text::cells(point.evaluation, plus_minus));
  }
  TextTable rows = {tables.front().front()};
  rows.front().insert(rows.front().begin() + 1, "train size");
  for (std::size_t r = 1; r < tables.front().size(); ++r) {
    for (std::size_t p = 0; p < points.size(); ++p) {
      rows.push_back(tables[p][r]);
      rows.back().insert(rows.back().begin() + 1, points[p].size.text);
    }
  }
  return rows;
}

std::string curve_note(const CurvePoints& points, const Manifest& manifest) {
  std::string text = "Train ratings of a fold:";
  for (const LearningCurvePoint& point : points) {
    std::array<char, 64> rows{};
    std::snprintf(rows.data(), rows.size(), "%.10g", mean_train_rows(point.evaluation.result));
    text += (&point == points.data() ? " " : ", ") + std::string(rows.data()) + " at " +
            point.size.text;
  }
  text += points.front().evaluation.result.folds.size() > 1 ? " (means over the folds)." : ".";
  if (points.front().evaluation.findings) {
    text += " Marks compare models at the same size.";
  }
  if (manifest.options.refit) {
    text +=
        " The blocks that predict know all validation ratings as well, whatever the size (--refit "
        "yes).";
  }
  return text;
}

/// What was asked for besides the table, size by size.
std::string curve_findings(const CurvePoints& points,
                           std::string (*render)(const TextTable& table)) {
  std::string text;
  for (const LearningCurvePoint& point : points) {
    const std::string findings = findings_text(point.evaluation, render);
    text += findings.empty() ? "" : "\nTrain size " + point.size.text + ":\n" + findings;
  }
  return text;
}

std::string curve_table(const CurvePoints& points, const Manifest& manifest) {
  return manifest.protocol + "\n" + report_text::data_line(manifest) + "\n\n" +
         plain_text(curve_cells(points, " ± ")) + "\n" +
         report_text::note(points.back().evaluation, manifest) + "\n" +
         curve_note(points, manifest) + "\n" + curve_findings(points, plain_text);
}

std::string curve_markdown(const CurvePoints& points, const Manifest& manifest) {
  return markdown(curve_cells(points, " ± ")) + "\n" + manifest.protocol + "; " +
         report_text::data_line(manifest) + ".\n" +
         report_text::note(points.back().evaluation, manifest) + "\n" +
         curve_note(points, manifest) + "\n" + curve_findings(points, markdown);
}

std::string curve_latex(const CurvePoints& points, const Manifest& manifest) {
  auto rows = curve_cells(points, " $\\pm$ ");
  for (TextRow& row : rows) {
    row[1] = replaced(row[1], "%", "\\%");
  }
  const auto widths = column_widths(rows);
  std::string text = "% " + report_text::note(points.back().evaluation, manifest) + "\n% " +
                     curve_note(points, manifest) + "\n% " + manifest.protocol + "; " +
                     report_text::data_line(manifest) + "\n\\begin{tabular}{l" +
                     std::string(rows.front().size() - 1, 'r') + "}\n  \\hline\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += aligned(rows[r], widths, report_text::kLatex);
    text += r % points.size() == 0 ? "  \\hline\n" : "";  // below the header and each group
  }
  return text + "\\end{tabular}\n";
}

std::string curve_csv(const CurvePoints& points, const Manifest& manifest) {
  std::string text;
  for (const LearningCurvePoint& point : points) {
    std::string lines = render_report(point.evaluation, manifest, ReportFormat::csv);
    const std::size_t header = lines.find('\n') + 1;
    text += text.empty() ? "train_size," + lines.substr(0, header) : "";
    lines =
        point.size.text + "," + replaced(lines.substr(header), "\n", "\n" + point.size.text + ",");
    text += lines.substr(0, lines.size() - point.size.text.size() - 1);
  }
  return text;
}

std::string curve_json(const CurvePoints& points, const Manifest& manifest) {
  Json json;
  for (const LearningCurvePoint& point : points) {
    Json own = {{"train_size", point.size.text},
                {"train_rows", mean_train_rows(point.evaluation.result)}};
    const Json results = results_json(point.evaluation, manifest);
    for (const auto& [key, value] : results.items()) {
      const bool of_all = key == "schema" || key == "schema_version" || key == "manifest";
      (of_all ? json : own)[key] = value;
    }
    json["learning_curve"].push_back(std::move(own));
  }
  // Paths and command lines may hold bytes that are no UTF-8; they must not break the report.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string render_learning_curve(const std::vector<LearningCurvePoint>& points, Manifest manifest,
                                  ReportFormat format) {
  manifest.protocol += ", learning curve of " + std::to_string(points.size()) + " train sizes";
  switch (format) {
    case ReportFormat::markdown:
      return curve_markdown(points, manifest);
    case ReportFormat::latex:
      return curve_latex(points, manifest);
    case ReportFormat::csv:
      return curve_csv(points, manifest);
    case ReportFormat::json:
      return curve_json(points, manifest);
    case ReportFormat::table:
      break;
  }
  return curve_table(points, manifest);
}

}  // namespace balse
