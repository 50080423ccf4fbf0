#include "table_cells.hpp"

#include <algorithm>

#include "numbers.hpp"

namespace balse::report {
namespace {

constexpr int kTableDigits = 4;

/// Whether there is a comparison for every figure that is not the best of its subset.
bool all_are_compared(const ResultsView& view) {
  for (const std::string& subset : view.subsets()) {
    const std::size_t best = view.best(subset);
    for (std::size_t m = 0; m < view.models().size(); ++m) {
      const bool shown =
          view.mark(m, subset) == Mark::none && !table_cell(view, m, subset, "rmse").value.empty();
      const auto found =
          shown ? view.difference(view.models()[m].name, view.models()[best].name, subset)
                : std::nullopt;
      if (shown && !(found && found->p_holm)) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

TableCell table_cell(const ResultsView& view, std::size_t model, const std::string& subset,
                     std::string_view measure) {
  const Json& figure = view.figure(view.models()[model].name, subset);
  const std::optional<double> value = number(at(figure, measure));
  if (!value) {
    return {};
  }
  TableCell cell{.value = fixed(*value, kTableDigits)};
  if (measure != "rmse") {
    cell.mark = model == view.best(subset, measure) ? Mark::best : Mark::none;
    return cell;
  }
  cell.mark = view.mark(model, subset);
  if (const auto halfwidth = number(at(figure, "halfwidth"))) {
    cell.halfwidth = fixed(*halfwidth, kTableDigits);
  }
  const auto low = number(at(figure, "low"));
  const auto high = number(at(figure, "high"));
  if (low && high) {
    cell.interval = fixed(*low, kTableDigits) + " to " + fixed(*high, kTableDigits);
  }
  return cell;
}

bool has_measure(const ResultsView& view, std::string_view measure) {
  for (const std::string& subset : view.subsets()) {
    if (view.best(subset, measure) < view.models().size()) {
      return true;
    }
  }
  return false;
}

bool has_tied(const ResultsView& view) {
  for (const std::string& subset : view.subsets()) {
    for (std::size_t m = 0; m < view.models().size(); ++m) {
      if (view.mark(m, subset) == Mark::tied) {
        return true;
      }
    }
  }
  return false;
}

std::uint64_t rows_of_subset(const ResultsView& view, std::string_view subset,
                             std::string_view key) {
  std::uint64_t most = 0;
  for (const ModelRow& model : view.models()) {
    most = std::max(most, count(at(view.figure(model.name, subset), key)));
  }
  return most;
}

std::string protocol_and_data(const ResultsView& view) {
  const Json& manifest = view.part("manifest");
  std::string sentence = text(at(manifest, "protocol"));
  const auto add = [&](const std::string& what) {
    sentence += (sentence.empty() ? "" : "; ") + what;
  };
  if (count(at(manifest, "ratings")) > 0) {
    std::string data = grouped(count(at(manifest, "ratings")), "rating") + " of " +
                       grouped(count(at(manifest, "items")), "item") + " by " +
                       grouped(count(at(manifest, "users")), "user");
    if (count(at(manifest, "tags")) > 0) {
      data += ", " + grouped(count(at(manifest, "tags")), "tag") + " on " +
              grouped(count(at(manifest, "items_with_tags")), "item");
    }
    if (count(at(manifest, "user_features")) > 0) {
      data += ", " + grouped(count(at(manifest, "user_features")), "feature") + " of " +
              grouped(count(at(manifest, "users_with_features")), "user");
    }
    if (count(at(manifest, "item_features")) > 0) {
      data += ", " + grouped(count(at(manifest, "item_features")), "feature") + " of " +
              grouped(count(at(manifest, "items_with_features")), "item");
    }
    add(data);
  }
  return sentence;
}

std::vector<std::string> table_notes(const ResultsView& view, std::string_view bold,
                                     std::string_view mark) {
  std::vector<std::string> notes;
  const std::string little_known = text(at(at(view.part("manifest"), "options"), "little_known"));
  notes.emplace_back("RMSE is the mean ± 1.96 sd/sqrt(n) over the n folds that have such ratings.");
  notes.push_back(
      "Little-known: " + (little_known.empty() ? "items with few ratings" : little_known) +
      " in train + validation; cold-start: items with none.");
  if (const Json& bootstrap = view.part("bootstrap"); bootstrap.is_object()) {
    const double level = number(at(bootstrap, "level")).value_or(0.95);
    notes.push_back("Intervals hold " + fixed(100.0 * level, 0) + "% of " +
                    grouped(count(at(bootstrap, "replicates"))) + " bootstrap samples of the " +
                    text(at(bootstrap, "over")) + ".");
  }
  std::string marks = "The lowest figure of a column is " + std::string(bold) + ".";
  if (has_tied(view)) {
    marks +=
        " What has " + std::string(mark) +
        " cannot be told from it: p is .05 or more in Wilcoxon's signed-rank test, with Holm's "
        "correction.";
  } else if (view.has_comparisons() && all_are_compared(view)) {
    marks +=
        " All others differ from it: p is below .05 in Wilcoxon's signed-rank test, with "
        "Holm's correction.";
  }
  notes.push_back(marks);
  return notes;
}

}  // namespace balse::report
