#include "escape.hpp"
#include "html.hpp"
#include "numbers.hpp"
#include "page.hpp"
#include "table_cells.hpp"

namespace balse::report {
namespace {

std::string figure_cell(const TableCell& cell) {
  if (cell.value.empty()) {
    return "–";
  }
  std::string html =
      cell.mark == Mark::best ? "<strong class=\"best\">" + cell.value + "</strong>" : cell.value;
  html += cell.halfwidth.empty() ? "" : " ± " + cell.halfwidth;
  html += "<span class=\"mark\">" + std::string(cell.mark == Mark::tied ? "≈" : "") + "</span>";
  return html + (cell.interval.empty() ? "" : "<small>" + cell.interval + "</small>");
}

std::string results_table(const ResultsView& view, std::string_view measure,
                          const std::string& caption) {
  HtmlTable table(caption);
  std::vector<std::string> head = {"model"};
  head.insert(head.end(), view.subsets().begin(), view.subsets().end());
  table.head(head);
  const auto row_of_counts = [&](const char* name, const char* key) {
    table.cell(name);
    for (const std::string& subset : view.subsets()) {
      table.cell_html(grouped(rows_of_subset(view, subset, key)) + "<span class=\"mark\"></span>");
    }
    table.end_row();
  };
  row_of_counts("test ratings", "rows");
  row_of_counts("folds with any, n", "folds");
  for (std::size_t m = 0; m < view.models().size(); ++m) {
    table.cell(view.models()[m].title);
    for (const std::string& subset : view.subsets()) {
      table.cell_html(figure_cell(table_cell(view, m, subset, measure)), "m");
    }
    table.end_row();
  }
  return table.html();
}

std::string p_value(const std::optional<double>& p) {
  return !p ? "–" : *p < 0.001 ? "< .001" : fixed(*p, 3).substr(*p < 1.0 ? 1 : 0);
}

std::string signed_fixed(const std::optional<double>& value, int digits) {
  return !value ? "–"
                : (*value > 0.0   ? "+"
                   : *value < 0.0 ? "−"
                                  : "") +
                      fixed(std::abs(*value), digits);
}

std::string comparisons_of(const ResultsView& view, const std::string& subset) {
  HtmlTable table("Pairs of models, " + subset, "pairs");
  table.head({"a", "b", "RMSE a − b", "interval", "p", "p (Holm)", "effect", "groups"});
  for (const Json& row : view.part("comparisons")) {
    if (text(at(row, "subset")) != subset) {
      continue;
    }
    table.cell(view.title_of(text(at(row, "a"))));
    table.cell_html(escape_html(view.title_of(text(at(row, "b")))));
    table.cell(signed_fixed(number(at(row, "difference")), 4));
    const auto low = number(at(row, "low"));
    const auto high = number(at(row, "high"));
    table.cell(low && high ? signed_fixed(low, 4) + " to " + signed_fixed(high, 4) : "–");
    table.cell(p_value(number(at(row, "p"))));
    const auto holm = number(at(row, "p_holm"));
    table.cell_html(holm && *holm < 0.05 ? strong(p_value(holm)) : escape_html(p_value(holm)));
    table.cell(signed_fixed(number(at(row, "effect")), 2));
    table.cell(grouped(count(at(row, "groups"))));
    table.end_row();
  }
  return table.rows() == 0 ? "" : table.html();
}

/// Measures as rows of models.
std::string ranking_table(const ResultsView& view, const char* scope, const std::string& caption) {
  const Json& models = at(at(view.part("ranking"), scope), "models");
  if (!models.is_object() || models.empty()) {
    return {};
  }
  HtmlTable table(caption + ", " +
                  grouped(count(at(at(view.part("ranking"), scope), "users")), "user"));
  const std::vector<std::string> measures = {"ndcg", "recall", "map", "mrr", "coverage", "novelty"};
  std::vector<std::string> head = {"model"};
  head.insert(head.end(), measures.begin(), measures.end());
  table.head(head);
  for (const ModelRow& model : view.models()) {
    if (at(models, model.name).is_null()) {
      continue;
    }
    table.cell(model.title);
    for (const std::string& measure : measures) {
      const Json& figure = at(at(models, model.name), measure);
      const auto low = number(at(figure, "low"));
      const auto high = number(at(figure, "high"));
      table.cell_html(
          fixed_or_dash(number(at(figure, "value")), 4) +
          (low && high ? "<small>" + fixed(*low, 4) + " to " + fixed(*high, 4) + "</small>" : ""));
    }
    table.end_row();
  }
  return table.html();
}

}  // namespace

Section accuracy_section(const PageInputs& page) {
  Section section{.id = "accuracy", .title = "Accuracy"};
  if (page.view.models().empty() || page.view.subsets().empty()) {
    return section;
  }
  section.html = results_table(page.view, "rmse", "RMSE on test ratings");
  std::string notes;
  for (const std::string& note : table_notes(page.view, "bold", "≈")) {
    notes += (notes.empty() ? "" : " ") + note;
  }
  section.html += paragraph(notes, "note") + figures_html(page, {"rmse", "differences"});
  if (has_measure(page.view, "mae")) {
    section.html +=
        details("Mean absolute error",
                results_table(page.view, "mae", "MAE on test ratings, mean over folds"));
  }
  return section;
}

Section comparisons_section(const PageInputs& page) {
  Section section{.id = "comparisons", .title = "Differences between models"};
  for (const std::string& subset : page.view.subsets()) {
    if (const std::string table = comparisons_of(page.view, subset); !table.empty()) {
      section.html += details("Test ratings: " + subset, table, section.html.empty());
    }
  }
  if (!section.html.empty()) {
    section.html =
        paragraph(
            "Every pair of models on the same test ratings. A difference below 0 means that a "
            "errs less. p is of Wilcoxon's signed-rank test, then corrected by Holm for all "
            "pairs; bold where it is below .05. The effect is the matched-pairs rank-biserial "
            "correlation, from −1 (a is better in every group) to +1.") +
        section.html;
  }
  return section;
}

Section gate_section(const PageInputs& page) {
  return {"gate", "From tags to ratings", figures_html(page, {"gate", "rmse-by-item-count"})};
}

Section users_section(const PageInputs& page) {
  return {"users", "Users and calibration", figures_html(page, {"user-rmse", "calibration"})};
}

Section ranking_section(const PageInputs& page) {
  Section section{.id = "ranking", .title = "Ranking"};
  const std::string figures = figures_html(page, {"ranking-test-items", "ranking-catalogue"});
  if (figures.empty()) {
    return section;
  }
  const Json& ranking = page.view.part("ranking");
  section.html = paragraph("Lists of " + text(at(ranking, "k")) +
                           "; an item is wanted where its "
                           "test rating is " +
                           text(at(ranking, "relevant")) + " or more.") +
                 figures +
                 details("Figures as tables",
                         ranking_table(page.view, "test_items", "Each user's test items ranked") +
                             ranking_table(page.view, "catalogue", "The whole catalogue ranked"));
  return section;
}

}  // namespace balse::report
