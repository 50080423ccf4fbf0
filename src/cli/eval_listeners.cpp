#include "eval_listeners.hpp"

#include <algorithm>
#include <sys/resource.h>
#include <utility>

namespace balse::cli {
namespace {

std::uint64_t peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

EvalListeners::EvalListeners(const Ratings& ratings, const TagMatrix* tags,
                             const WantedFindings& wanted, std::size_t folds,
                             PredictionsFile* predictions)
    : ratings_(ratings),
      tags_(tags),
      folds_(folds),
      predictions_(predictions),
      observations_(wanted.observations) {
  if (wanted.analysis) {
    analysis_.emplace(ratings, tags != nullptr, *wanted.analysis);
  }
  if (wanted.ranking) {
    ranking_.emplace(ratings, *wanted.ranking, wanted.resampling);
  }
  if (observations_ && tags != nullptr) {
    tag_facts_ = count_tags(*tags);
  }
}

CrossValidationObserver EvalListeners::observer() {
  CrossValidationObserver observer;
  observer.on_progress = [this](std::size_t done, std::size_t total, const std::string& what) {
    end_stage();
    stage_ = what;
    progress_.update(done, total, what);
  };
  observer.on_start = [this](const std::vector<Contender>& contenders) {
    if (predictions_ != nullptr) {
      predictions_->write_header(contenders);
    }
    if (analysis_) {
      analysis_->start(contenders.size(), folds_);
    }
    if (ranking_) {
      ranking_->start(contenders);
    }
  };
  observer.on_fold = [this](const TrainedFold& fold) {
    if (analysis_) {
      analysis_->begin_fold(fold);
    }
    if (ranking_) {
      ranking_->begin_fold(fold);
    }
    if (tag_facts_ && fold.fold == 0) {
      add_likings(fold, ratings_.users.size(), *tag_facts_);
    }
  };
  if (predictions_ != nullptr || analysis_ || ranking_) {
    observer.on_prediction = [this](const TestPrediction& row) {
      if (predictions_ != nullptr) {
        predictions_->write(row);
      }
      if (analysis_) {
        analysis_->add(row);
      }
      if (ranking_) {
        ranking_->add(row);
      }
    };
  }
  return observer;
}

std::string EvalListeners::groups_csv(const std::vector<Contender>& contenders) const {
  std::string text;
  if (analysis_) {
    analysis_->write_sums(contenders, [&](std::string_view piece) { text += piece; });
  }
  return text;
}

void EvalListeners::end_stage() {
  const auto now = std::chrono::steady_clock::now();
  if (observations_ && !stage_.empty()) {
    stages_.push_back({.name = stage_,
                       .seconds = std::chrono::duration<double>(now - stage_begun_).count(),
                       .peak_bytes = peak_bytes()});
  }
  stage_begun_ = now;
}

Evaluation EvalListeners::finish(CrossValidationResult result) {
  end_stage();
  stage_ = "findings";
  Evaluation evaluation{.result = std::move(result)};
  if (analysis_) {
    evaluation.findings = analysis_->finish(evaluation.result);
  }
  if (ranking_) {
    evaluation.ranking = ranking_->finish();
  }
  if (observations_) {
    evaluation.counts = count_ratings(ratings_);
    evaluation.tags = std::move(tag_facts_);
    const CountHistogram& items = evaluation.counts->items;
    evaluation.gate = gate_curves(
        evaluation.result, static_cast<std::uint32_t>(items.empty() ? 0 : items.back().first));
  }
  end_stage();
  evaluation.stages = std::move(stages_);
  return evaluation;
}

}  // namespace balse::cli
