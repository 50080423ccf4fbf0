#include "replacement_guard.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "balse/model/comparison.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "fit_inputs.hpp"

namespace balse::cli {
namespace {

using Findings = std::vector<std::string>;
using ManifestJson = nlohmann::json;

// Below it two lists of ids have nothing to do with each other.
constexpr double kNearlyNone = 0.05;
// Fewer validation ratings tell one model from another by chance alone.
constexpr double kValidationRows = 100.0;

std::string shown(const std::string& file) {
  return file == "-" ? "standard input" : printable(file);
}

void find_shrunk(const std::string& file, const char* what, std::size_t before, std::size_t now,
                 double limit, Findings& findings) {
  if (now < before) {
    const double shrink = 1.0 - static_cast<double>(now) / static_cast<double>(before);
    if (shrink > limit) {
      findings.push_back(fmt::format("{} has {} {} instead of {}, {} less (--max-shrink is {})",
                                     shown(file), now, what, before, percent(shrink),
                                     percent(limit)));
    }
  }
}

void find_strangers(const std::string& file, const char* what, const IdIndex& now,
                    const IdIndex& before, Findings& findings) {
  const Overlap both = overlap(now, before);
  if (both.second > 0 && both.of_shorter() < kNearlyNone) {
    findings.push_back(fmt::format("of the {} {} of {} the model has {}", both.first, what,
                                   shown(file),
                                   both.common == 0 ? "none" : std::to_string(both.common)));
  }
}

void find_bad_rows(const FitInputs& inputs, double limit, Findings& findings) {
  for (const FitInputs::Rows& rows : inputs.rows) {
    const double share =
        static_cast<double>(rows.bad) / static_cast<double>(std::max<std::uint64_t>(1, rows.all));
    if (share > limit) {
      findings.push_back(fmt::format("{} of {} of {} could not be read, {} (--max-bad-rows is {})",
                                     rows.bad, counted(rows.all, "row"), shown(rows.path),
                                     percent(share), percent(limit)));
    }
  }
}

/// What the inputs say of each other.
void find_unmatched(const FitInputs& inputs, Findings& findings) {
  if (inputs.aligned && inputs.aligned->tag.empty()) {
    findings.push_back(fmt::format("{}: none of its items is rated; are the item ids the same?",
                                   shown(inputs.tags_path)));
  }
  if (inputs.works && overlap(inputs.works->items, inputs.ratings.items).common == 0 &&
      (!inputs.tags || overlap(inputs.works->items, inputs.tags->items).common == 0)) {
    findings.push_back(
        fmt::format("{}: none of its items is rated or tagged; are the item ids "
                    "the same?",
                    shown(inputs.works_path)));
  }
}

bool are_swapped(const FitInputs& inputs, const std::optional<ModelFile>& old) {
  return (old && looks_swapped(inputs.ratings, old->model())) ||
         (!old && inputs.tags && looks_swapped(inputs.ratings, inputs.tags->items)) ||
         (!old && inputs.works && looks_swapped(inputs.ratings, inputs.works->items));
}

void find_shrunk_inputs(const FitInputs& inputs, const ModelFile& old, double limit,
                        Findings& findings) {
  const TrainedModel& model = old.model();
  const ManifestJson manifest = ManifestJson::parse(old.metadata("manifest"), nullptr, false);
  // Those of a fold's test are in the file, but not in the model.
  const std::size_t left_out =
      manifest.is_object() ? manifest.value("left_out_rows", std::size_t{0}) : 0;
  const std::string& file = inputs.ratings_path;
  find_shrunk(file, "ratings", model.rated_item.size() + left_out, inputs.ratings.size(), limit,
              findings);
  find_shrunk(file, "users", model.users.size(), inputs.ratings.users.size(), limit, findings);
  find_shrunk(file, "items", model.data.means.item_count.size(), inputs.ratings.items.size(), limit,
              findings);
  if (inputs.aligned) {
    find_shrunk(inputs.tags_path, "tagged items that are rated", rated_items_with_tags(model),
                items_with_tags(*inputs.aligned), limit, findings);
  }
}

/// Whether RMSEs on the two could be of one scale: five stars are not a hundred points.
bool have_same_range(const std::vector<float>& ratings, const TrainedModel& model) {
  constexpr double kFactor = 1.5;
  const auto [low, high] = std::minmax_element(ratings.begin(), ratings.end());
  const double now = *high - *low;
  const double before = model.data.means.highest - model.data.means.lowest;
  return now <= kFactor * before && before <= kFactor * now;
}

/// The RMSE on validation ratings that a manifest has of "gate" or "stack"; nothing where it has
/// none, or of too few ratings.
std::optional<double> rmse_of(const ManifestJson& manifest, const std::string& blend) {
  const auto of_blend = manifest.find(blend);
  if (of_blend == manifest.end() || !of_blend->is_object()) {
    return std::nullopt;
  }
  const char* const rows = blend == "stack" ? "ratings" : "validation_rows";
  const auto figure = [&](const char* name) {
    const auto found = of_blend->find(name);
    return found != of_blend->end() && found->is_number() ? found->get<double>() : 0.0;
  };
  const double rmse = figure("validation_rmse");
  return figure(rows) >= kValidationRows && rmse > 0.0 ? std::optional(rmse) : std::nullopt;
}

/// Whether both were validated in the same way; shares of another size are near enough.
bool are_comparable(const ManifestJson& now, const ManifestJson& before) {
  const auto text = [](const ManifestJson& manifest, const char* name) {
    const auto found = manifest.find(name);
    return found != manifest.end() && found->is_string() ? found->get<std::string>() : "";
  };
  const std::string one = text(now, "validation");
  const std::string other = text(before, "validation");
  const std::string random = "a random share";
  return text(now, "rating_scale") == text(before, "rating_scale") &&
         (one == other || (one.starts_with(random) && other.starts_with(random)));
}

}  // namespace

void ReplacementOptions::declare(CLI::App& app) {
  const std::string group = "Replacing the model";
  max_shrink_
      .declare(app, "--max-shrink",
               "Refuse to replace the model at --model by one of fewer ratings, users, items or "
               "tagged items, where it is by more than X",
               1.0)
      ->group(group);
  max_worse_
      .declare(app, "--max-worse",
               "Refuse to replace it by one whose validation RMSE is higher by more than X, on the "
               "same scale",
               100.0)
      ->group(group);
  max_bad_rows_
      .declare(app, "--max-bad-rows",
               "Refuse to go on where --skip-bad-rows left out more than X of a file's rows", 1.0)
      ->group(group);
  app.add_flag("--force", force_,
               "Go on all the same, and where files do not match each other or the model; what was "
               "found is warned of")
      ->group(group);
}

ReplacementGuard::ReplacementGuard(const ReplacementOptions& options, const std::string& path)
    : options_(options), path_(path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return;
  }
  try {
    old_.emplace(path);
    old_manifest_ = old_->metadata("manifest");
    was_there_ = true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_data && error.kind() != ErrorKind::no_input) {
      throw;
    }
    not_compared_ = error.what();
  }
}

void ReplacementGuard::judge(const std::vector<std::string>& findings) const {
  if (findings.empty()) {
    return;
  }
  if (options_.force()) {
    for (const std::string& finding : findings) {
      spdlog::warn("{}; --force", finding);
    }
    return;
  }
  std::string all;
  for (const std::string& finding : findings) {
    all += (all.empty() ? "" : "; ") + finding;
  }
  throw Error(ErrorKind::bad_data,
              {.file = path_,
               .found = (was_there_ ? "is not replaced: " : "is not written: ") + all,
               .hint = "--force if that is meant"});
}

void ReplacementGuard::check_inputs(const FitInputs& inputs) {
  Findings findings;
  find_bad_rows(inputs, options_.max_bad_rows(), findings);
  if (are_swapped(inputs, old_)) {
    findings.push_back(
        fmt::format("the users of {} look like items, and its items like users "
                    "(--columns says which is which)",
                    shown(inputs.ratings_path)));
  }
  find_unmatched(inputs, findings);
  if (old_) {
    const TrainedModel& model = old_->model();
    find_strangers(inputs.ratings_path, "users", inputs.ratings.users, model.users, findings);
    find_strangers(inputs.ratings_path, "items", inputs.ratings.items, model.items, findings);
    if (inputs.tags && model.has_tags()) {
      find_strangers(inputs.tags_path, "tags", inputs.tags->names, model.tags, findings);
    }
    find_shrunk_inputs(inputs, *old_, options_.max_shrink(), findings);
    has_same_range_ = have_same_range(inputs.ratings.value, model);
  }
  judge(findings);
  old_.reset();  // its ids take memory that training may need
}

void ReplacementGuard::check_training(const std::string& manifest) const {
  if (!not_compared_.empty()) {
    spdlog::warn("the new model was not compared with what it replaces: {}", not_compared_);
  }
  const ManifestJson now = ManifestJson::parse(manifest, nullptr, false);
  const ManifestJson before = ManifestJson::parse(old_manifest_, nullptr, false);
  if (!has_same_range_ || !now.is_object() || !before.is_object() || !are_comparable(now, before)) {
    return;
  }
  for (const char* const blend : {"stack", "gate"}) {
    const std::optional<double> rmse_now = rmse_of(now, blend);
    const std::optional<double> rmse_before = rmse_of(before, blend);
    if (!rmse_now || !rmse_before) {
      continue;  // of another blend, or none: like is compared with like
    }
    const double rise = *rmse_now / *rmse_before - 1.0;
    if (rise > options_.max_worse()) {
      judge(
          {fmt::format("its validation RMSE would rise from {:.4f} to {:.4f}, by {} (--max-worse "
                       "is {})",
                       *rmse_before, *rmse_now, percent(rise), percent(options_.max_worse()))});
    }
    return;
  }
}

}  // namespace balse::cli
