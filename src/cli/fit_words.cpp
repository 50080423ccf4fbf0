#include "fit_words.hpp"

#include <string>

#include <spdlog/spdlog.h>

namespace balse::cli {

void say_fit(const FitRecord& record, const Training& training) {
  const std::string left_out =
      record.left_out > 0 ? fmt::format(" ({} more are left out)", record.left_out) : "";
  spdlog::info(
      "{} ratings{}, {} users, {} items, {} tags; ALS: {} iterations, training RMSE {:.4f}",
      record.ratings, left_out, record.users, record.items, record.tags,
      training.blocks.als_summary.iterations, training.blocks.als_summary.train_rmse);
  if (record.tags == 0) {
    return;
  }
  const LassoSummary& lasso = training.blocks.lasso_summary;
  const GateSummary& gate = training.gate_summary;
  if (gate.rows == 0) {
    spdlog::warn(
        "no validation ratings to learn the gate from: it trusts ALS from an item's first rating "
        "on");
  }
  spdlog::info(
      "LASSO: {} coefficients; gate: beta {:.3g}, gamma {:.3g}; validation RMSE {:.4f} "
      "(ALS {:.4f}, LASSO {:.4f})",
      lasso.nonzeros, training.gate.beta(), training.gate.gamma(), gate.rmse, gate.als_rmse,
      gate.lasso_rmse);
  if (lasso.not_converged > 0) {
    spdlog::warn(
        "LASSO missed --lasso-relative-gap for {} users; the largest gap / objective is {:.1e}",
        lasso.not_converged, lasso.worst_gap);
  }
}

void say_warm_start(const ModelFile& old, const Training& training) {
  const auto before = [&](const char* key) {
    const std::string text = old.metadata(key);
    return text.empty() ? "unknown" : text;
  };
  spdlog::info("warm start: {} ALS iterations (last time {}), {} LASSO steps (last time {})",
               training.blocks.als_summary.iterations, before("als_iterations"),
               training.blocks.lasso_summary.steps, before("lasso_steps"));
}

}  // namespace balse::cli
