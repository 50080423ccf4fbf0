#include "results_view.hpp"

#include <algorithm>
#include <cmath>

namespace balse::report {
namespace {

constexpr double kSignificant = 0.05;

std::optional<double> negated(const std::optional<double>& value) {
  return value ? std::optional(-*value) : std::nullopt;
}

}  // namespace

const Json& at(const Json& json, std::string_view key) {
  static const Json kNull;
  if (!json.is_object()) {
    return kNull;
  }
  const auto found = json.find(std::string(key));
  return found == json.end() ? kNull : *found;
}

std::optional<double> number(const Json& json) {
  if (!json.is_number() || !std::isfinite(json.get<double>())) {
    return std::nullopt;
  }
  return json.get<double>();
}

std::uint64_t count(const Json& json) {
  const std::optional<double> value = number(json);
  return value && *value > 0.0 && *value < 1e18 ? static_cast<std::uint64_t>(*value) : 0;
}

std::string text(const Json& json) {
  if (json.is_string()) {
    return json.get<std::string>();
  }
  return json.is_null() ? "" : json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ResultsView::ResultsView(const Json& json) : json_(json) {
  read_models();
  for (const char* subset : {"all", "little-known", "cold-start"}) {
    if (std::any_of(models_.begin(), models_.end(),
                    [&](const ModelRow& model) { return !figure(model.name, subset).is_null(); })) {
      subsets_.emplace_back(subset);
    }
  }
  read_comparisons();
}

void ResultsView::read_models() {
  for (const Json& model : part("models")) {
    const std::string name = text(at(model, "name"));
    const std::string title = text(at(model, "title"));
    models_.push_back({name, title.empty() ? name : title, text(at(model, "kind")) == "blend"});
  }
}

void ResultsView::read_comparisons() {
  for (const Json& row : part("comparisons")) {
    const std::optional<double> value = number(at(row, "difference"));
    if (value) {
      differences_[{text(at(row, "a")), text(at(row, "b")), text(at(row, "subset"))}] = {
          *value, number(at(row, "low")), number(at(row, "high")), number(at(row, "p_holm"))};
    }
  }
}

std::size_t ResultsView::index_of(std::string_view model) const {
  const auto found = std::find_if(models_.begin(), models_.end(),
                                  [&](const ModelRow& row) { return row.name == model; });
  return static_cast<std::size_t>(found - models_.begin());
}

std::string ResultsView::title_of(std::string_view model) const {
  const std::size_t index = index_of(model);
  return index < models_.size() ? models_[index].title : std::string(model);
}

const Json& ResultsView::figure(std::string_view model, std::string_view subset) const {
  return at(at(part("figures"), model), subset);
}

std::optional<Difference> ResultsView::difference(const std::string& a, const std::string& b,
                                                  const std::string& subset) const {
  if (const auto found = differences_.find({a, b, subset}); found != differences_.end()) {
    return found->second;
  }
  if (const auto found = differences_.find({b, a, subset}); found != differences_.end()) {
    const Difference& other = found->second;
    return Difference{-other.value, negated(other.high), negated(other.low), other.p_holm};
  }
  return std::nullopt;
}

std::size_t ResultsView::best(std::string_view subset, std::string_view measure) const {
  std::size_t best = models_.size();
  double lowest = 0.0;
  for (std::size_t m = 0; m < models_.size(); ++m) {
    const std::optional<double> value = number(at(figure(models_[m].name, subset), measure));
    if (value && (best == models_.size() || *value < lowest)) {
      best = m;
      lowest = *value;
    }
  }
  return best;
}

Mark ResultsView::mark(std::size_t model, const std::string& subset) const {
  const std::size_t first = best(subset);
  const std::optional<double> value = number(at(figure(models_[model].name, subset), "rmse"));
  if (first == models_.size() || !value) {
    return Mark::none;
  }
  if (*value == number(at(figure(models_[first].name, subset), "rmse"))) {
    return Mark::best;
  }
  const auto found = difference(models_[model].name, models_[first].name, subset);
  return found && found->p_holm && *found->p_holm >= kSignificant ? Mark::tied : Mark::none;
}

}  // namespace balse::report
