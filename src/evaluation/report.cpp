#include "balse/evaluation/report.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "balse/data/row_text.hpp"
#include "balse/evaluation/results_json.hpp"
#include "balse/support/counted.hpp"

#include "findings_text.hpp"
#include "report_text.hpp"
#include "text_table.hpp"

namespace balse {
namespace {

constexpr std::array kSubsets = {Subset::all, Subset::little_known, Subset::cold_start};

}  // namespace

TextTable report_text::cells(const Evaluation& evaluation, const char* plus_minus) {
  const CrossValidationResult& result = evaluation.result;
  TextTable rows;
  rows.push_back({"RMSE", "all", "little-known", "cold-start"});
  TextRow counts = {"test ratings"};
  TextRow folds = {"folds with any, n"};
  for (const Subset subset : kSubsets) {
    counts.push_back(std::to_string(result.rows(subset)));
    folds.push_back(std::to_string(result.folds_with(subset)));
  }
  rows.push_back(counts);
  rows.push_back(folds);
  for (std::size_t c = 0; c < result.contenders.size(); ++c) {
    TextRow row = {result.contenders[c].title};
    for (const Subset subset : kSubsets) {
      const MeanInterval figure = result.figure(c, subset);
      std::string text = figure.n == 0 ? "-" : fixed(figure.mean, 4);
      if (evaluation.shown.intervals && figure.n > 0) {
        text += interval_and_mark(evaluation, c, subset);
      } else if (figure.n > 1) {
        text += plus_minus + fixed(figure.halfwidth, 4);
      }
      row.push_back(text);
    }
    rows.push_back(row);
  }
  return rows;
}

std::string report_text::note(const Evaluation& evaluation, const Manifest& manifest) {
  const CrossValidationResult& result = evaluation.result;
  std::string text =
      (evaluation.shown.intervals
           ? "RMSE: mean over the n folds that have such ratings" + interval_words(evaluation)
           : std::string("RMSE: mean ± 1.96 sd/sqrt(n) over the n folds that have such ratings")) +
      ". Little-known: " + manifest.options.little_known.describe() +
      " in train + validation; cold-start: items with none.";
  // As protocol item-cold has it, or a file of such folds, which does not say so itself.
  if (result.rows(Subset::all) > 0 && result.rows(Subset::cold_start) == result.rows(Subset::all)) {
    text += " All test ratings are cold-start here: items are held out whole.";
  }
  if (manifest.tags == 0) {
    text += " No tags were given (--tags), so there are no LASSO and BALSE rows.";
  }
  return text;
}

namespace {

using report_text::cells;
using report_text::data_line;
using report_text::note;

/// What the models learned, a sentence each.
std::string learned(const CrossValidationResult& result) {
  std::vector<const BlockSummaries*> folds;
  for (const FoldResult& fold : result.folds) {
    folds.push_back(&fold);
  }
  std::string text;
  // The blends first: what all the rest is for.
  const auto kinds = model_kinds();
  for (std::size_t k = kinds.size(); k-- > 0;) {
    const ModelKind* const kind = kinds[k];
    const auto& models = result.models;
    const std::string sentence = kind->learned(folds);
    if (!sentence.empty() && std::find(models.begin(), models.end(), kind->model) != models.end()) {
      text += (text.empty() ? "" : ". ") + std::string(kind->group_title) + ": " + sentence;
    }
  }
  return text.empty() ? text : text + ".";
}

/// How many test ratings each model could not do justice to, and why.
std::string fallbacks(const CrossValidationResult& result) {
  std::string text;
  for (const Model model : result.models) {
    std::string counts;
    for (int f = 1; f < kFallbackCount; ++f) {
      std::size_t rows = 0;
      for (const FoldResult& fold : result.folds) {
        rows += fold.fallbacks[static_cast<std::size_t>(model)][f];
      }
      if (rows > 0) {
        counts += (counts.empty() ? " " : ", ") + std::to_string(rows) + " ";
        counts += name_of(static_cast<Fallback>(f));
      }
    }
    if (!counts.empty()) {
      text += (text.empty() ? "Test ratings that fell back: " : "; ") +
              std::string(title_of(model)) + counts;
    }
  }
  return text.empty() ? text : text + ".";
}

/// Everything under the figures, a sentence a line.
std::string notes(const Evaluation& evaluation, const Manifest& manifest) {
  std::string text = note(evaluation, manifest) + "\n";
  for (const std::string& line : {learned(evaluation.result), fallbacks(evaluation.result),
                                  tuning_words(evaluation.result)}) {
    text += line.empty() ? "" : line + "\n";
  }
  return text;
}

}  // namespace

std::string report_text::data_line(const Manifest& manifest) {
  std::string text = counted(manifest.ratings, "rating") + ", " + counted(manifest.users, "user") +
                     ", " + counted(manifest.items, "item");
  if (manifest.tags > 0) {
    text +=
        ", " + counted(manifest.tags, "tag") + " on " + counted(manifest.items_with_tags, "item");
  }
  if (manifest.user_features > 0) {
    text += ", " + counted(manifest.user_features, "feature") + " on " +
            counted(manifest.users_with_features, "user");
  }
  if (manifest.item_features > 0) {
    text += ", " + counted(manifest.item_features, "feature") + " on " +
            counted(manifest.items_with_features, "item");
  }
  return text;
}

namespace {

std::string render_table(const Evaluation& evaluation, const Manifest& manifest) {
  return manifest.protocol + "\n" + data_line(manifest) + "\n\n" +
         plain_text(cells(evaluation, " ± ")) + "\n" + notes(evaluation, manifest) +
         findings_text(evaluation, plain_text);
}

std::string render_markdown(const Evaluation& evaluation, const Manifest& manifest) {
  return markdown(cells(evaluation, " ± ")) + "\n" + manifest.protocol + "; " +
         data_line(manifest) + ".\n" + notes(evaluation, manifest) +
         findings_text(evaluation, markdown);
}

std::string render_latex(const Evaluation& evaluation, const Manifest& manifest) {
  TextTable rows = cells(evaluation, " $\\pm$ ");
  for (TextRow& row : rows) {
    for (std::string& cell : row) {
      const std::size_t at = cell.find("≈");
      if (at != std::string::npos) {
        cell.replace(at, std::string("≈").size(), "$\\approx$");
      }
    }
  }
  const auto widths = column_widths(rows);
  std::string text = "% " + note(evaluation, manifest) + "\n% " + manifest.protocol + "; " +
                     data_line(manifest) + "\n\\begin{tabular}{lrrr}\n  \\hline\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += aligned(rows[r], widths, report_text::kLatex) + (r == 0 || r == 2 ? "  \\hline\n" : "");
  }
  return text + "  \\hline\n\\end{tabular}\n";
}

std::string render_csv(const Evaluation& evaluation) {
  const CrossValidationResult& result = evaluation.result;
  std::string text = "model,subset,folds,rows,rmse,halfwidth";
  text += evaluation.shown.intervals ? ",mae,low,high\n" : "\n";
  for (std::size_t c = 0; c < result.contenders.size(); ++c) {
    for (const Subset subset : kSubsets) {
      const MeanInterval figure = result.figure(c, subset);
      append_field(text, result.contenders[c].name, {','});
      text += "," + std::string(name_of(subset)) + "," + std::to_string(figure.n) + "," +
              std::to_string(result.rows(subset)) + ",";
      text += (figure.n == 0 ? "" : fixed(figure.mean, 6)) + ",";
      text += figure.n < 2 ? "" : fixed(figure.halfwidth, 6);
      if (evaluation.shown.intervals) {
        const Interval& interval = evaluation.findings->intervals[c][static_cast<int>(subset)];
        text += "," + (figure.n == 0 ? "" : fixed(result.mae(c, subset).mean, 6)) + ",";
        text += (figure.n == 0 ? "" : fixed(interval.low, 6)) + ",";
        text += figure.n == 0 ? "" : fixed(interval.high, 6);
      }
      text += "\n";
    }
  }
  return text;
}

}  // namespace

std::string render_report(const Evaluation& evaluation, const Manifest& manifest,
                          ReportFormat format) {
  switch (format) {
    case ReportFormat::markdown:
      return render_markdown(evaluation, manifest);
    case ReportFormat::latex:
      return render_latex(evaluation, manifest);
    case ReportFormat::csv:
      return render_csv(evaluation);
    case ReportFormat::json:
      // Paths and command lines may hold bytes that are no UTF-8; they must not break the report.
      return results_json(evaluation, manifest)
                 .dump(2, ' ', false, Json::error_handler_t::replace) +
             "\n";
    case ReportFormat::table:
      break;
  }
  return render_table(evaluation, manifest);
}

}  // namespace balse
