#include "fit_words.hpp"

#include <string>

#include <spdlog/spdlog.h>

#include "balse/support/counted.hpp"

namespace balse::cli {
namespace {

// What whoever chose BALSE+ would have had without it.
void say_other_blend(const Training& training) {
  if (training.stack_summary.ratings > 0 && training.gate_summary.rows > 0) {
    spdlog::info("the paper's gate, BALSE, has RMSE {:.4f} on the same validation ratings",
                 training.gate_summary.rmse);
  }
}

}  // namespace

void say_fit(const FitRecord& record, const Training& training) {
  const std::string left_out =
      record.left_out > 0
          ? fmt::format(" ({} left out)", counted(record.left_out, "more is", "more are"))
          : "";
  spdlog::info("{}{}, {}, {}, {}", counted(record.ratings, "rating"), left_out,
               counted(record.users, "user"), counted(record.items, "item"),
               counted(record.tags, "tag"));
  for (const ModelKind* kind : model_kinds()) {
    const SummaryText summary = kind->summary(training);
    if (!training.parameters[index_of(kind->model)].empty() && !summary.sentence.empty()) {
      spdlog::info("{}: {}", kind->group_title, summary.sentence);
    }
    if (!training.parameters[index_of(kind->model)].empty() && !summary.warning.empty()) {
      spdlog::warn("{}: {}", kind->group_title, summary.warning);
    }
  }
  if (const std::string sentence = record.neighbour_summary.sentence(); !sentence.empty()) {
    spdlog::info("{}: {}", Neighbours::kTitle, sentence);
  }
  say_other_blend(training);
}

void say_compared(const StackSummary& other) {
  if (other.ratings > 0) {
    spdlog::info("BALSE+, --blend stack, has RMSE {:.4f} on the same validation ratings",
                 other.validation_rmse);
  }
}

std::vector<Effort> efforts(const Training& training) {
  std::vector<Effort> efforts;
  for (const ModelKind* kind : model_kinds()) {
    for (const Figure& figure : kind->summary(training).figures) {
      if (figure.name == kind->effort) {
        efforts.push_back({.key = fmt::format("{}_{}", kind->name, figure.name),
                           .words = fmt::format("{} {}", kind->title, figure.name),
                           .value = fmt::format("{:.0f}", figure.value)});
      }
    }
  }
  return efforts;
}

void say_warm_start(const ModelFile& old, const Training& training) {
  std::string text;
  for (const Effort& effort : efforts(training)) {
    const std::string before = old.metadata(effort.key);
    text += fmt::format("{}{} {} (last time {})", text.empty() ? "" : ", ", effort.value,
                        effort.words, before.empty() ? "unknown" : before);
  }
  spdlog::info("warm start: {}", text);
}

}  // namespace balse::cli
