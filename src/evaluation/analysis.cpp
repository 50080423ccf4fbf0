#include "balse/evaluation/analysis.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "balse/data/row_text.hpp"

namespace balse {
namespace {

constexpr std::size_t kPredictionBins = 2000;  // over twice the range of the ratings
constexpr std::size_t kTenths = 10;
constexpr std::size_t kUserBins = 25;
constexpr double kShareInBins = 0.99;  // of the users; the last bin takes the rest

std::size_t cell_of(std::size_t fold, std::size_t subset) {
  return fold * kSubsetCount + subset;
}

}  // namespace

Analysis::Analysis(const Ratings& ratings, bool with_tags, const AnalysisOptions& options)
    : ratings_(ratings), options_(options), slices_(ratings, with_tags) {
  const auto [least, most] = std::minmax_element(ratings.value.begin(), ratings.value.end());
  least_ = *least;
  most_ = *most;
}

std::size_t Analysis::groups() const {
  return options_.over == Resampled::users ? ratings_.users.size() : ratings_.items.size();
}

void Analysis::start(std::size_t contenders, std::size_t folds) {
  folds_ = folds;
  contenders_ = contenders;
  const std::size_t slices = slices_.names().size();
  sums_ = ErrorSums(groups(), folds * kSubsetCount + slices, contenders);
  user_sums_ =
      ErrorSums(options_.over == Resampled::users ? 0 : ratings_.users.size(), 1, contenders);
  absolute_.assign(slices, std::vector<double>(contenders));
  gate_weight_.assign(slices, 0.0);
  gate_rows_.assign(slices, 0);
  bins_.assign(contenders, {.predicted = std::vector<double>(kPredictionBins),
                            .observed = std::vector<double>(kPredictionBins),
                            .rows = std::vector<std::size_t>(kPredictionBins)});
  squares_.resize(contenders);
}

void Analysis::begin_fold(const TrainedFold& fold) {
  slices_.set_item_counts(fold.item_counts);
}

void Analysis::add(const TestPrediction& test) {
  for (std::size_t c = 0; c < contenders_; ++c) {
    const double error = test.predictions[c] - test.rating;
    squares_[c] = error * error;
  }
  const std::size_t group = options_.over == Resampled::users ? test.user : test.item;
  for (std::size_t s = 0; s < kSubsetCount; ++s) {
    if (test.subsets[s]) {
      sums_.add(group, cell_of(test.fold, s), squares_);
    }
  }
  if (user_sums_.groups() > 0) {
    user_sums_.add(test.user, 0, squares_);
  }
  add_to_slices(test, group);
  add_to_bins(test);
}

void Analysis::add_to_slices(const TestPrediction& test, std::size_t group) {
  const bool gated = test.predictors->find(Model::balse) != nullptr;
  const double weight =
      gated ? test.predictors->weight(Model::balse, Model::als, test.user, test.item) : 0.0;
  for (const std::size_t slice : slices_.of(test)) {
    sums_.add(group, folds_ * kSubsetCount + slice, squares_);
    for (std::size_t c = 0; c < contenders_; ++c) {
      absolute_[slice][c] += std::sqrt(squares_[c]);
    }
    gate_weight_[slice] += weight;
    gate_rows_[slice] += gated ? 1 : 0;
  }
}

void Analysis::add_to_bins(const TestPrediction& test) {
  const double range = std::max(most_ - least_, 1e-9);
  for (std::size_t c = 0; c < contenders_; ++c) {
    const double place = (test.predictions[c] - least_) / range / 2.0 + 0.25;
    const auto bin = static_cast<std::size_t>(
        std::clamp(place * kPredictionBins, 0.0, static_cast<double>(kPredictionBins - 1)));
    bins_[c].predicted[bin] += test.predictions[c];
    bins_[c].observed[bin] += test.rating;
    ++bins_[c].rows[bin];
  }
}

std::vector<std::size_t> Analysis::cells_of(Subset subset) const {
  std::vector<std::size_t> cells;
  for (std::size_t fold = 0; fold < folds_; ++fold) {
    cells.push_back(cell_of(fold, static_cast<std::size_t>(subset)));
  }
  return cells;
}

std::vector<double> Analysis::rmse_of_groups(std::size_t contender, Subset subset) const {
  const std::vector<std::size_t> cells = cells_of(subset);
  std::vector<double> result;
  for (std::size_t group = 0; group < groups(); ++group) {
    double rows = 0.0;
    double squares = 0.0;
    for (const std::size_t cell : cells) {
      rows += sums_.rows(group, cell);
      squares += sums_.squares(group, cell, contender);
    }
    if (rows > 0.0) {
      result.push_back(std::sqrt(squares / rows));
    }
  }
  return result;
}

void Analysis::compare(const CrossValidationResult& result, const Bootstrap& bootstrap,
                       Findings& findings) const {
  findings.intervals.resize(contenders_);
  for (std::size_t s = 0; s < kSubsetCount; ++s) {
    const auto subset = static_cast<Subset>(s);
    const std::vector<std::size_t> cells = cells_of(subset);
    std::vector<std::vector<double>> replicates;
    std::vector<std::vector<double>> of_groups;
    for (std::size_t c = 0; c < contenders_; ++c) {
      replicates.push_back(bootstrap.rmse(cells, c));
      of_groups.push_back(rmse_of_groups(c, subset));
      findings.intervals[c][s] = percentile_interval(replicates.back());
    }
    const std::size_t first = findings.comparisons.size();
    std::vector<double> p;
    for (std::size_t a = 0; a < contenders_ && !of_groups[a].empty(); ++a) {
      for (std::size_t b = a + 1; b < contenders_; ++b) {
        findings.comparisons.push_back(
            {.a = a,
             .b = b,
             .subset = subset,
             .difference = result.figure(a, subset).mean - result.figure(b, subset).mean,
             .interval = percentile_interval(differences(replicates[a], replicates[b])),
             .test = signed_rank_test(differences(of_groups[a], of_groups[b]))});
        p.push_back(findings.comparisons.back().test.p);
      }
    }
    const std::vector<double> corrected = holm(p);
    for (std::size_t k = 0; k < corrected.size(); ++k) {
      findings.comparisons[first + k].p_holm = corrected[k];
    }
  }
}

std::vector<SliceFigures> Analysis::slices(const Bootstrap& bootstrap) const {
  std::vector<SliceFigures> figures;
  const std::vector<double> total = sums_.total(std::vector<double>(groups(), 1.0));
  for (std::size_t slice = 0; slice < slices_.names().size(); ++slice) {
    const std::size_t cell = folds_ * kSubsetCount + slice;
    const double* const sums = total.data() + cell * (1 + contenders_);
    SliceFigures of_slice{.name = slices_.names()[slice],
                          .rows = static_cast<std::size_t>(sums[0])};
    if (gate_rows_[slice] > 0) {
      of_slice.gate_weight = gate_weight_[slice] / static_cast<double>(gate_rows_[slice]);
    }
    for (std::size_t c = 0; c < contenders_; ++c) {
      const bool any = of_slice.rows > 0;
      of_slice.rmse.push_back(any ? std::sqrt(sums[1 + c] / sums[0]) : kNoFigure);
      of_slice.mae.push_back(any ? absolute_[slice][c] / sums[0] : kNoFigure);
      of_slice.interval.push_back(percentile_interval(bootstrap.rmse(std::span(&cell, 1), c)));
    }
    figures.push_back(std::move(of_slice));
  }
  return figures;
}

std::vector<CalibrationPoint> Analysis::tenths(const PredictionBins& bins) const {
  const std::size_t all = std::accumulate(bins.rows.begin(), bins.rows.end(), std::size_t{0});
  std::vector<CalibrationPoint> points;
  CalibrationPoint sums;
  std::size_t seen = 0;
  for (std::size_t bin = 0; bin < kPredictionBins; ++bin) {
    sums.predicted += bins.predicted[bin];
    sums.observed += bins.observed[bin];
    sums.rows += bins.rows[bin];
    seen += bins.rows[bin];
    // A bin is not torn apart, so a tenth may be larger, and there may be fewer.
    if (sums.rows > 0 && seen * kTenths >= (points.size() + 1) * all) {
      const auto n = static_cast<double>(sums.rows);
      points.push_back(
          {.predicted = sums.predicted / n, .observed = sums.observed / n, .rows = sums.rows});
      sums = {};
    }
  }
  return points;
}

UserHistogram Analysis::histogram() const {
  const bool own = user_sums_.groups() > 0;
  std::vector<std::vector<double>> rmse(contenders_);
  std::vector<double> together;
  for (std::size_t c = 0; c < contenders_; ++c) {
    for (std::size_t user = 0; own && user < user_sums_.groups(); ++user) {
      if (user_sums_.rows(user, 0) > 0.0) {
        rmse[c].push_back(std::sqrt(user_sums_.squares(user, 0, c) / user_sums_.rows(user, 0)));
      }
    }
    if (!own) {
      rmse[c] = rmse_of_groups(c, Subset::all);
    }
    together.insert(together.end(), rmse[c].begin(), rmse[c].end());
  }
  UserHistogram histogram;
  if (together.empty()) {
    return histogram;
  }
  std::sort(together.begin(), together.end());
  const double last =
      together[static_cast<std::size_t>(kShareInBins * static_cast<double>(together.size() - 1))];
  for (std::size_t k = 0; k < kUserBins; ++k) {
    histogram.edges.push_back(last * static_cast<double>(k) / kUserBins);
  }
  histogram.edges.push_back(std::max(last, together.back()));
  for (const std::vector<double>& of_users : rmse) {
    std::vector<std::size_t>& users = histogram.users.emplace_back(kUserBins);
    for (const double value : of_users) {
      const auto above =
          std::upper_bound(histogram.edges.begin() + 1, histogram.edges.end() - 1, value);
      ++users[static_cast<std::size_t>(above - histogram.edges.begin()) - 1];
    }
  }
  return histogram;
}

void Analysis::write_sums(const std::vector<Contender>& contenders,
                          const std::function<void(std::string_view)>& write) const {
  constexpr std::size_t kPieceBytes = std::size_t{1} << 16;
  const bool of_users = options_.over == Resampled::users;
  std::string text = of_users ? "user,fold,rows" : "item,fold,rows";
  for (const Contender& contender : contenders) {
    text += ',';
    append_field(text, contender.name, {','});
  }
  text += '\n';
  for (std::uint32_t group = 0; group < groups(); ++group) {
    for (std::size_t fold = 0; fold < folds_; ++fold) {
      const std::size_t cell = cell_of(fold, static_cast<std::size_t>(Subset::all));
      if (sums_.rows(group, cell) == 0.0) {
        continue;
      }
      append_field(text, of_users ? ratings_.users[group] : ratings_.items[group], {','});
      text += ',' + std::to_string(fold) + ',' + text_of(sums_.rows(group, cell));
      for (std::size_t c = 0; c < contenders_; ++c) {
        text += ',' + text_of(sums_.squares(group, cell, c));
      }
      text += '\n';
    }
    if (text.size() >= kPieceBytes) {
      write(text);
      text.clear();
    }
  }
  write(text);
}

Findings Analysis::finish(const CrossValidationResult& result) const {
  Findings findings{.options = options_};
  const Bootstrap bootstrap(sums_, options_.replicates, options_.seed, options_.threads);
  compare(result, bootstrap, findings);
  findings.slices = slices(bootstrap);
  for (const PredictionBins& bins : bins_) {
    findings.calibration.push_back(tenths(bins));
  }
  findings.users = histogram();
  return findings;
}

}  // namespace balse
