#include "balse/evaluation/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "balse/support/counted.hpp"

namespace balse {
namespace {

constexpr std::array kSubsets = {Subset::all, Subset::little_known, Subset::cold_start};

std::string fixed(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

/// Columns on a screen: bytes that do not continue a UTF-8 sequence.
std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

/// What stands around the cells of a row.
struct Style {
  const char* row_begin;
  const char* separator;
  const char* row_end;
};

using Row = std::vector<std::string>;

std::vector<Row> cells(const CrossValidationResult& result, const char* plus_minus) {
  std::vector<Row> rows;
  rows.push_back({"RMSE", "all", "little-known", "cold-start"});
  Row counts = {"test ratings"};
  Row folds = {"folds with any, n"};
  for (const Subset subset : kSubsets) {
    counts.push_back(std::to_string(result.rows(subset)));
    folds.push_back(std::to_string(result.figure(Model::global_mean, subset).n));
  }
  rows.push_back(counts);
  rows.push_back(folds);
  for (const Model model : result.models) {
    Row row = {std::string(title_of(model))};
    for (const Subset subset : kSubsets) {
      const MeanInterval figure = result.figure(model, subset);
      std::string text = figure.n == 0 ? "-" : fixed(figure.mean, 4);
      if (figure.n > 1) {
        text += plus_minus + fixed(figure.halfwidth, 4);
      }
      row.push_back(text);
    }
    rows.push_back(row);
  }
  return rows;
}

std::vector<std::size_t> column_widths(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], display_width(row[c]));
    }
  }
  return widths;
}

std::string aligned(const Row& row, const std::vector<std::size_t>& widths, const Style& style) {
  std::string line = style.row_begin;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const std::string padding(widths[c] - display_width(row[c]), ' ');
    line += c == 0 ? row[c] + padding : style.separator + padding + row[c];
  }
  return line + style.row_end + "\n";
}

std::string note(const CrossValidationResult& result, const Manifest& manifest) {
  std::string text =
      "RMSE: mean ± 1.96 sd/sqrt(n) over the n folds that have such ratings. Little-known: " +
      manifest.options.little_known.describe() +
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
std::string notes(const CrossValidationResult& result, const Manifest& manifest) {
  std::string text = note(result, manifest) + "\n";
  for (const std::string& line : {learned(result), fallbacks(result)}) {
    text += line.empty() ? "" : line + "\n";
  }
  return text;
}

std::string data_line(const Manifest& manifest) {
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
  return text;
}

std::string render_table(const CrossValidationResult& result, const Manifest& manifest) {
  const auto rows = cells(result, " ± ");
  const auto widths = column_widths(rows);
  std::string text = manifest.protocol + "\n" + data_line(manifest) + "\n\n";
  for (const Row& row : rows) {
    text += aligned(row, widths, {.row_begin = "", .separator = "   ", .row_end = ""});
  }
  return text + "\n" + notes(result, manifest);
}

std::string render_markdown(const CrossValidationResult& result, const Manifest& manifest) {
  const auto rows = cells(result, " ± ");
  auto widths = column_widths(rows);
  const Style style{.row_begin = "| ", .separator = " | ", .row_end = " |"};
  std::string text = aligned(rows.front(), widths, style) + "|" + std::string(widths[0] + 2, '-');
  for (std::size_t c = 1; c < widths.size(); ++c) {
    text += "|" + std::string(widths[c] + 1, '-') + ":";
  }
  text += "|\n";
  for (std::size_t r = 1; r < rows.size(); ++r) {
    text += aligned(rows[r], widths, style);
  }
  return text + "\n" + manifest.protocol + "; " + data_line(manifest) + ".\n" +
         notes(result, manifest);
}

std::string render_latex(const CrossValidationResult& result, const Manifest& manifest) {
  const auto rows = cells(result, " $\\pm$ ");
  const auto widths = column_widths(rows);
  const Style style{.row_begin = "  ", .separator = " & ", .row_end = " \\\\"};
  std::string text = "% " + note(result, manifest) + "\n% " + manifest.protocol + "; " +
                     data_line(manifest) + "\n\\begin{tabular}{lrrr}\n  \\hline\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += aligned(rows[r], widths, style) + (r == 0 || r == 2 ? "  \\hline\n" : "");
  }
  return text + "  \\hline\n\\end{tabular}\n";
}

std::string render_csv(const CrossValidationResult& result) {
  std::string text = "model,subset,folds,rows,rmse,halfwidth\n";
  for (const Model model : result.models) {
    for (const Subset subset : kSubsets) {
      const MeanInterval figure = result.figure(model, subset);
      text += std::string(name_of(model)) + "," + std::string(name_of(subset)) + "," +
              std::to_string(figure.n) + "," + std::to_string(result.rows(subset)) + ",";
      text += (figure.n == 0 ? "" : fixed(figure.mean, 6)) + ",";
      text += figure.n < 2 ? "" : fixed(figure.halfwidth, 6);
      text += "\n";
    }
  }
  return text;
}

}  // namespace

std::string render_report(const CrossValidationResult& result, const Manifest& manifest,
                          ReportFormat format) {
  switch (format) {
    case ReportFormat::markdown:
      return render_markdown(result, manifest);
    case ReportFormat::latex:
      return render_latex(result, manifest);
    case ReportFormat::csv:
      return render_csv(result);
    case ReportFormat::json:
      return render_json_report(result, manifest);
    case ReportFormat::table:
      break;
  }
  return render_table(result, manifest);
}

}  // namespace balse
