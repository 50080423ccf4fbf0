#include "findings_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "balse/support/counted.hpp"

namespace balse {
namespace {

constexpr double kLevel = 1.0 - kConfidence;

/// The contender with the smallest RMSE of a subset.
std::size_t best_of(const CrossValidationResult& result, Subset subset) {
  std::size_t best = 0;
  for (std::size_t c = 1; c < result.contenders.size(); ++c) {
    if (result.figure(c, subset).mean < result.figure(best, subset).mean) {
      best = c;
    }
  }
  return best;
}

const Comparison* find_pair(const Findings& findings, std::size_t a, std::size_t b, Subset subset) {
  for (const Comparison& comparison : findings.comparisons) {
    if (comparison.subset == subset &&
        ((comparison.a == a && comparison.b == b) || (comparison.a == b && comparison.b == a))) {
      return &comparison;
    }
  }
  return nullptr;
}

std::string interval_text(const Interval& interval, int digits) {
  return "[" + fixed_or_dash(interval.low, digits) + ", " + fixed_or_dash(interval.high, digits) +
         "]";
}

std::string p_text(double p) {
  return p < 0.0001 ? "< 0.0001" : fixed(p, 4);
}

TextTable pairs_table(const Evaluation& evaluation) {
  TextTable table = {
      {"RMSE of A - RMSE of B, all", "difference", "95% interval", "p (Holm)", "effect"}};
  for (const Comparison& pair : evaluation.findings->comparisons) {
    if (pair.subset == Subset::all) {
      table.push_back({evaluation.result.contenders[pair.a].title + " - " +
                           evaluation.result.contenders[pair.b].title,
                       fixed(pair.difference, 4), interval_text(pair.interval, 4),
                       p_text(pair.p_holm), fixed(pair.test.effect, 3)});
    }
  }
  return table;
}

TextTable slices_table(const Evaluation& evaluation) {
  TextRow header = {"RMSE by", "ratings", "weight of ALS"};
  for (const Contender& contender : evaluation.result.contenders) {
    header.push_back(contender.title);
  }
  TextTable table = {header};
  for (const SliceFigures& slice : evaluation.findings->slices) {
    if (slice.rows == 0) {
      continue;
    }
    TextRow row = {slice.name.by + " " + slice.name.label, std::to_string(slice.rows),
                   fixed_or_dash(slice.gate_weight, 3)};
    for (const double rmse : slice.rmse) {
      row.push_back(fixed(rmse, 4));
    }
    table.push_back(row);
  }
  return table;
}

TextTable ranking_table(const Evaluation& evaluation, RankingScope scope) {
  const RankingFindings& ranking = *evaluation.ranking;
  const RankingFigures& figures = ranking.scopes[static_cast<std::size_t>(scope)];
  const bool catalogue = scope == RankingScope::catalogue;
  const std::string at = "@" + std::to_string(ranking.k);
  TextTable table = {{catalogue ? "whole catalogue" : "test items", "NDCG" + at, "recall" + at,
                      "MAP" + at, "MRR", "novelty" + at}};
  if (catalogue) {
    table.front().emplace_back("coverage" + at);
  }
  for (std::size_t c = 0; c < evaluation.result.contenders.size(); ++c) {
    TextRow row = {evaluation.result.contenders[c].title};
    for (std::size_t measure = 0; measure < kRankingMeasures; ++measure) {
      const RankingFigure& figure = figures.measures[c][measure];
      const int digits = measure == static_cast<std::size_t>(RankingMeasure::novelty) ? 2 : 4;
      row.push_back(fixed_or_dash(figure.value, digits));
    }
    if (catalogue) {
      row.push_back(fixed_or_dash(figures.coverage[c], 4));
    }
    table.push_back(row);
  }
  return table;
}

std::string ranking_note(const RankingFindings& ranking) {
  const auto lists = [&](RankingScope scope) {
    return counted(ranking.scopes[static_cast<std::size_t>(scope)].lists, "list");
  };
  return "Wanted: test ratings of at least " + fixed_or_dash(ranking.relevant, 2) +
         ". Means over the users of all folds who have one: " + lists(RankingScope::test_items) +
         " of test items, " + lists(RankingScope::catalogue) + " of the whole catalogue.\n";
}

}  // namespace

std::string interval_and_mark(const Evaluation& evaluation, std::size_t contender, Subset subset) {
  const Findings& findings = *evaluation.findings;
  const std::size_t best = best_of(evaluation.result, subset);
  std::string text =
      " " + interval_text(findings.intervals[contender][static_cast<std::size_t>(subset)], 4);
  const Comparison* const pair = find_pair(findings, contender, best, subset);
  if (contender == best) {
    return text + " *";
  }
  return text + (pair != nullptr && pair->p_holm >= kLevel ? " ≈" : "  ");
}

std::string interval_words(const Evaluation& evaluation) {
  const AnalysisOptions& options = evaluation.findings->options;
  const std::string over = options.over == Resampled::users ? "users" : "items";
  return ", with the 95% interval of " + std::to_string(options.replicates) +
         " bootstrap samples of the " + over +
         "; * the best of its column, ≈ not told apart from it by Wilcoxon's test over " + over +
         " (p >= 0.05, Holm)";
}

std::string tuning_words(const CrossValidationResult& result) {
  std::vector<TunedFold> all;
  double seconds = 0.0;
  std::size_t tried = 0;
  for (const FoldResult& fold : result.folds) {
    for (const TunedFold& tuned : fold.tuned) {
      all.push_back(tuned);
      seconds += tuned.seconds;
      tried += tuned.candidates.size();
    }
  }
  if (all.empty()) {
    return {};
  }
  std::string text = "Tuned on the validation ratings of each fold:";
  std::string command;
  const OptionValues best = tuned_values(all);
  for (const auto& [name, value] : best) {
    text.append(name == best.front().first ? " " : "; ").append(name);
    for (const TunedFold& tuned : all) {
      for (const auto& [of_fold, chosen] : tuned.candidates[tuned.best].values) {
        if (of_fold == name) {
          text.append(" ").append(chosen);
        }
      }
    }
    command.append(" --").append(name).append(" ").append(value);
  }
  return text + ". Tried " + counted(tried, "fit") + " in " + fixed(seconds, 1) +
         " s. Best over all folds:" + command + ".";
}

std::string findings_text(const Evaluation& evaluation,
                          std::string (*render)(const TextTable& table)) {
  std::string text;
  if (evaluation.findings && evaluation.shown.intervals) {
    text += "\n" + render(pairs_table(evaluation)) +
            "\nNegative: A is better. Effect: matched-pairs rank-biserial correlation.\n";
  }
  if (evaluation.findings && evaluation.shown.slices) {
    text += "\n" + render(slices_table(evaluation)) +
            "\nOver the test ratings of all folds together; counts are of train + validation.\n";
  }
  if (evaluation.ranking && evaluation.shown.ranking) {
    text += "\n" + render(ranking_table(evaluation, RankingScope::test_items)) + "\n" +
            render(ranking_table(evaluation, RankingScope::catalogue)) + "\n" +
            ranking_note(*evaluation.ranking);
  }
  return text;
}

}  // namespace balse
