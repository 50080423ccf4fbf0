#include "eval_series.hpp"

#include <utility>

#include "balse/evaluation/learning_curve.hpp"
#include "balse/evaluation/tag_ablation.hpp"

namespace balse::cli {
namespace {

std::string values_of(const std::vector<EvalVariant>& variants) {
  std::string text;
  for (const EvalVariant& variant : variants) {
    text += (text.empty() ? "" : ", ") + variant.value;
  }
  return text;
}

}  // namespace

EvalStudy study_of(const EvalOptions& options, const EvalInputs& inputs,
                   const std::shared_ptr<const Splits>& splits,
                   const CrossValidationOptions& common) {
  EvalStudy study;
  const EvalVariant usual{
      .value = {}, .splits = splits, .options = common, .tags = {}, .tag_names = inputs.tag_names};
  const std::vector<TrainSize> sizes = options.train_sizes();
  if (sizes.size() > 1) {
    study.series = learning_curve();
    for (const TrainSize& size : sizes) {
      EvalVariant& variant = study.variants.emplace_back(usual);
      variant.value = size.text;
      variant.splits = with_train_size(splits, size, options.seed);
    }
    study.series->words = "learning curve of " + std::to_string(sizes.size()) + " train sizes";
  } else if (const auto sweep = options.study.sweep()) {
    for (const std::string& value : sweep->values) {
      EvalVariant& variant = study.variants.emplace_back(usual);
      variant.value = value;
      set_options(variant.options, {{sweep->name, value}});
    }
    study.series = Series{.column = sweep->name,
                          .heading = sweep->name,
                          .list = "sweep",
                          .words = "sweep of " + sweep->name + " over " + values_of(study.variants),
                          .note = {},
                          .points = {}};
  } else if (const auto counts = options.study.tag_counts(); !counts.empty()) {
    for (const std::size_t count : counts) {
      EvalVariant& variant = study.variants.emplace_back(usual);
      variant.value = std::to_string(count);
      variant.tags = inputs.tags;
      keep_tags(most_used_tags(*inputs.tags, count), *variant.tags, variant.tag_names);
    }
    study.series = Series{.column = "tags",
                          .heading = "tags",
                          .list = "ablation",
                          .words = "with the " + values_of(study.variants) + " most used tags",
                          .note = {},
                          .points = {}};
  } else {
    study.variants.push_back(usual);
  }
  return study;
}

}  // namespace balse::cli
