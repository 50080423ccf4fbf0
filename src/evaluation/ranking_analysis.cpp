#include "balse/evaluation/ranking_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"
#include "balse/support/selection_sampler.hpp"

namespace balse {
namespace {

constexpr std::size_t kUsersPerRange = 4;

std::size_t measure_cell(RankingScope scope, std::size_t measure) {
  return static_cast<std::size_t>(scope) * kRankingMeasures + measure;
}

double upper_eighth(const Ratings& ratings) {
  const auto [least, most] = std::minmax_element(ratings.value.begin(), ratings.value.end());
  return double{*most} - (double{*most} - double{*least}) / 8.0;
}

/// What some users have rated.
struct RowsOfUsers {
  std::vector<std::uint32_t> users;
  std::vector<std::vector<std::uint32_t>> known;  ///< items of train and validation ratings
  std::vector<std::vector<std::uint32_t>> wanted;
};

RowsOfUsers rows_of_users(const Ratings& ratings, std::span<const Part> parts,
                          std::vector<std::uint32_t> users, double relevant) {
  constexpr std::uint32_t kNobody = UINT32_MAX;
  std::vector<std::uint32_t> place(ratings.users.size(), kNobody);
  for (std::uint32_t k = 0; k < users.size(); ++k) {
    place[users[k]] = k;
  }
  RowsOfUsers rows{.users = std::move(users), .known = {}, .wanted = {}};
  rows.known.resize(rows.users.size());
  rows.wanted.resize(rows.users.size());
  for (std::uint32_t row = 0; row < ratings.size(); ++row) {
    const std::uint32_t at = place[ratings.user[row]];
    if (at == kNobody) {
      continue;
    }
    if (is_known(parts[row])) {
      rows.known[at].push_back(ratings.item[row]);
    } else if (parts[row] == Part::test && ratings.value[row] >= relevant) {
      rows.wanted[at].push_back(ratings.item[row]);
    }
  }
  return rows;
}

/// Ranks the whole catalogue for one user after the other; one for each thread.
class CatalogueRanking {
 public:
  CatalogueRanking(const Predictors& predictors, const std::vector<Model>& models,
                   const std::vector<std::uint64_t>& tie, const std::vector<double>& surprise)
      : joint_(predictors, models), tie_(tie), surprise_(surprise), items_(tie.size()) {
    std::iota(items_.begin(), items_.end(), 0U);
  }

  void predict(std::uint32_t user, const std::vector<std::uint32_t>& known,
               const std::vector<std::uint32_t>& wanted) {
    joint_.predict_items(user, items_, scratch_);
    role_.assign(items_.size(), Role::other);
    for (const std::uint32_t item : wanted) {
      role_[item] = Role::wanted;
    }
    for (const std::uint32_t item : known) {
      role_[item] = Role::known;
    }
  }

  RankingValues measure(std::size_t model, std::size_t k, std::vector<std::uint32_t>& first) {
    const std::span<const double> scores = joint_.column(model);
    candidates_.clear();
    for (const std::uint32_t item : items_) {
      if (role_[item] != Role::known) {
        candidates_.push_back({.score = scores[item],
                               .tie = tie_[item],
                               .wanted = role_[item] == Role::wanted,
                               .surprise = surprise_[item],
                               .item = item});
      }
    }
    const RankingValues values = measure_ranking(candidates_, k);
    for (std::size_t place = 0; place < std::min(k, candidates_.size()); ++place) {
      first.push_back(candidates_[place].item);
    }
    return values;
  }

 private:
  enum class Role : std::uint8_t { other, wanted, known };

  JointPrediction joint_;
  const std::vector<std::uint64_t>& tie_;
  const std::vector<double>& surprise_;
  std::vector<std::uint32_t> items_;
  PredictionScratch scratch_;
  std::vector<Role> role_;
  std::vector<Candidate> candidates_;
};

}  // namespace

RankingAnalysis::RankingAnalysis(const Ratings& ratings, const RankingAnalysisOptions& options,
                                 const AnalysisOptions& analysis)
    : ratings_(ratings),
      options_(options),
      analysis_(analysis),
      relevant_(options.relevant.value_or(upper_eighth(ratings))) {}

void RankingAnalysis::start(const std::vector<Contender>& contenders) {
  contenders_ = contenders;
  models_ = static_cast<std::size_t>(
      std::count_if(contenders.begin(), contenders.end(),
                    [](const Contender& contender) { return contender.model.has_value(); }));
  sums_ = ErrorSums(ratings_.users.size(), kRankingScopes * kRankingMeasures, contenders.size());
  covered_.assign(models_, {});
}

void RankingAnalysis::set_items(const TrainedFold& fold) {
  Random random(derive_seed(derive_seed(analysis_.seed, 1), fold.fold));
  tie_.resize(ratings_.items.size());
  std::iota(tie_.begin(), tie_.end(), std::uint64_t{0});
  for (std::size_t k = tie_.size(); k > 1; --k) {
    std::swap(tie_[k - 1], tie_[random.below(k)]);
  }
  surprise_.resize(ratings_.items.size());
  const double users = static_cast<double>(ratings_.users.size()) + 1.0;
  for (std::size_t item = 0; item < surprise_.size(); ++item) {
    surprise_[item] = -std::log2((fold.item_counts[item] + 1.0) / users);
  }
}

void RankingAnalysis::begin_fold(const TrainedFold& fold) {
  end_fold();
  set_items(fold);
  rank_catalogue(fold);
}

void RankingAnalysis::add(const TestPrediction& test) {
  tested_.push_back({test.user, test.row});
  predictions_.insert(predictions_.end(), test.predictions.begin(), test.predictions.end());
}

void RankingAnalysis::end_fold() {
  std::vector<std::size_t> order(tested_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return tested_[a].user < tested_[b].user; });
  std::vector<RankingValues> values(contenders_.size());
  std::vector<Candidate> candidates;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const std::uint32_t user = tested_[order[begin]].user;
    bool any = false;
    while (end < order.size() && tested_[order[end]].user == user) {
      any = wanted(tested_[order[end++]].row) || any;
    }
    if (!any) {
      continue;
    }
    for (std::size_t c = 0; c < contenders_.size(); ++c) {
      candidates.clear();
      for (std::size_t k = begin; k < end; ++k) {
        const std::uint32_t row = tested_[order[k]].row;
        const std::uint32_t item = ratings_.item[row];
        candidates.push_back({.score = predictions_[order[k] * contenders_.size() + c],
                              .tie = tie_[item],
                              .wanted = wanted(row),
                              .surprise = surprise_[item],
                              .item = item});
      }
      values[c] = measure_ranking(candidates, options_.k);
    }
    add_list(RankingScope::test_items, user, values);
  }
  tested_.clear();
  predictions_.clear();
}

void RankingAnalysis::add_list(RankingScope scope, std::uint32_t user,
                               std::span<const RankingValues> values) {
  std::vector<double> of_measure(values.size());
  for (std::size_t measure = 0; measure < kRankingMeasures; ++measure) {
    std::transform(values.begin(), values.end(), of_measure.begin(),
                   [measure](const RankingValues& all) { return all[measure]; });
    sums_.add(user, measure_cell(scope, measure), of_measure);
  }
}

std::vector<std::uint32_t> RankingAnalysis::users_of_catalogue(const TrainedFold& fold) const {
  std::vector<bool> wants(ratings_.users.size());
  for (std::uint32_t row = 0; row < ratings_.size(); ++row) {
    if (fold.parts[row] == Part::test && wanted(row)) {
      wants[ratings_.user[row]] = true;
    }
  }
  std::vector<std::uint32_t> users;
  for (std::uint32_t user = 0; user < wants.size(); ++user) {
    if (wants[user]) {
      users.push_back(user);
    }
  }
  if (options_.catalogue_users == 0 || users.size() <= options_.catalogue_users) {
    return users;
  }
  SelectionSampler sampler(options_.catalogue_users, users.size());
  Random random(derive_seed(derive_seed(analysis_.seed, 2), fold.fold));
  std::erase_if(users, [&](std::uint32_t /*user*/) { return !sampler.take(random); });
  return users;
}

void RankingAnalysis::rank_catalogue(const TrainedFold& fold) {
  std::vector<Model> models;
  for (std::size_t m = 0; m < models_; ++m) {
    models.push_back(*contenders_[m].model);
  }
  const RowsOfUsers rows = rows_of_users(ratings_, fold.parts, users_of_catalogue(fold), relevant_);
  const std::size_t lists = rows.users.size() * models_;
  std::vector<RankingValues> values(lists);
  std::vector<std::vector<std::uint32_t>> first(lists);  // the items in the first places
  parallel_ranges(rows.users.size(), kUsersPerRange, resolve_threads(analysis_.threads),
                  [&](std::size_t begin, std::size_t end) {
                    CatalogueRanking ranking(*fold.predictors, models, tie_, surprise_);
                    for (std::size_t k = begin; k < end; ++k) {
                      ranking.predict(rows.users[k], rows.known[k], rows.wanted[k]);
                      for (std::size_t m = 0; m < models_; ++m) {
                        values[k * models_ + m] =
                            ranking.measure(m, options_.k, first[k * models_ + m]);
                      }
                    }
                  });
  for (std::size_t k = 0; k < rows.users.size(); ++k) {
    const auto of_user = values.begin() + static_cast<std::ptrdiff_t>(k * models_);
    std::vector<RankingValues> all(of_user, of_user + static_cast<std::ptrdiff_t>(models_));
    all.resize(contenders_.size());  // nothing of scores, which do not predict the catalogue
    add_list(RankingScope::catalogue, rows.users[k], all);
  }
  for (std::size_t m = 0; m < models_; ++m) {
    std::vector<bool> seen(ratings_.items.size());
    for (std::size_t list = m; list < lists; list += models_) {
      for (const std::uint32_t item : first[list]) {
        seen[item] = true;
      }
    }
    covered_[m].push_back(static_cast<double>(std::count(seen.begin(), seen.end(), true)) /
                          static_cast<double>(seen.size()));
  }
}

RankingFigures RankingAnalysis::figures(RankingScope scope, const Bootstrap& bootstrap) const {
  const bool catalogue = scope == RankingScope::catalogue;
  const std::vector<double> total = sums_.total(std::vector<double>(sums_.groups(), 1.0));
  RankingFigures figures{
      .measures = std::vector<std::array<RankingFigure, kRankingMeasures>>(contenders_.size()),
      .coverage = std::vector<double>(contenders_.size(), kNoFigure)};
  for (std::size_t measure = 0; measure < kRankingMeasures; ++measure) {
    const std::size_t cell = measure_cell(scope, measure);
    const double* const sums = total.data() + cell * (1 + contenders_.size());
    figures.lists = static_cast<std::size_t>(sums[0]);
    for (std::size_t c = 0; c < contenders_.size() && figures.lists > 0; ++c) {
      if (!catalogue || c < models_) {
        figures.measures[c][measure] = {.value = sums[1 + c] / sums[0],
                                        .interval = percentile_interval(bootstrap.mean(cell, c))};
      }
    }
  }
  for (std::size_t m = 0; catalogue && m < models_; ++m) {
    figures.coverage[m] = std::accumulate(covered_[m].begin(), covered_[m].end(), 0.0) /
                          static_cast<double>(std::max<std::size_t>(1, covered_[m].size()));
  }
  return figures;
}

RankingFindings RankingAnalysis::finish() {
  end_fold();
  // Users are what is resampled, whatever else is: a list is of one user.
  const Bootstrap bootstrap(sums_, analysis_.replicates, derive_seed(analysis_.seed, 3),
                            analysis_.threads);
  return {.k = options_.k,
          .relevant = relevant_,
          .scopes = {figures(RankingScope::test_items, bootstrap),
                     figures(RankingScope::catalogue, bootstrap)}};
}

}  // namespace balse
