#include "fit_words.hpp"

#include <string>

#include <spdlog/spdlog.h>

namespace balse::cli {

namespace {

/// One line a block or blend: what its fit found, and what went wrong.
void say_summary(std::string_view title, const SummaryText& summary) {
  if (!summary.sentence.empty()) {
    spdlog::info("{}: {}", title, summary.sentence);
  }
  if (!summary.warning.empty()) {
    spdlog::warn("{}: {}", title, summary.warning);
  }
}

}  // namespace

void say_fit(const FitRecord& record, const Training& training) {
  const std::string left_out =
      record.left_out > 0 ? fmt::format(" ({} more are left out)", record.left_out) : "";
  spdlog::info("{} ratings{}, {} users, {} items, {} tags", record.ratings, left_out, record.users,
               record.items, record.tags);
  for (const BlockKind& kind : block_kinds()) {
    if (!training.parameters[index_of(kind.model)].empty()) {
      say_summary(kind.title, kind.summary(training));
    }
  }
  for (const BlendKind& kind : blend_kinds()) {
    if (!training.parameters[index_of(kind.model)].empty()) {
      say_summary(kind.options, kind.summary(training));
    }
  }
}

void say_warm_start(const ModelFile& old, const Training& training) {
  std::string text;
  for (const BlockKind& kind : block_kinds()) {
    for (const Figure& figure : kind.summary(training).figures) {
      if (figure.name == kind.effort && !training.parameters[index_of(kind.model)].empty()) {
        const std::string before = old.metadata(effort_key(kind));
        text += fmt::format("{}{:.0f} {} {} (last time {})", text.empty() ? "" : ", ", figure.value,
                            kind.title, figure.name, before.empty() ? "unknown" : before);
      }
    }
  }
  spdlog::info("warm start: {}", text);
}

std::string effort_key(const BlockKind& kind) {
  return fmt::format("{}_{}", kind.name, kind.effort);
}

std::map<std::string, std::string> efforts(const Training& training) {
  std::map<std::string, std::string> efforts;
  for (const BlockKind& kind : block_kinds()) {
    for (const Figure& figure : kind.summary(training).figures) {
      if (figure.name == kind.effort) {
        efforts[effort_key(kind)] = fmt::format("{:.0f}", figure.value);
      }
    }
  }
  return efforts;
}

}  // namespace balse::cli
