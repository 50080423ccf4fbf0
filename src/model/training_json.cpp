#include "model/training_json.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace balse {
namespace {

/// {"als": {"rank": 20, ...}, ..., "refit": true}: options whose group has no name are not within
/// one.
class FieldsToJson final : public FieldVisitor {
 public:
  explicit FieldsToJson(Json& json) : json_(json) {}

  void number(const Field& field, const NumberRange& /*range*/, double& value) override {
    at(field) = value;
  }
  void whole(const Field& field, const NumberRange& /*range*/, int& value) override {
    at(field) = value;
  }
  void flag(const Field& field, bool& value) override { at(field) = value; }
  void word(const Field& field, Words words, int& value) override {
    at(field) = std::string(words[static_cast<std::size_t>(value)]);
  }
  void interval(const Field& field, std::optional<ClipRange>& value) override {
    at(field) = value ? Json{value->low, value->high} : Json("training range");
  }

 private:
  Json& at(const Field& field) {
    std::string name(field.name);
    std::replace(name.begin(), name.end(), '-', '_');
    return group().name.empty() ? json_[name] : json_[std::string(group().name)][name];
  }

  Json& json_;
};

}  // namespace

Json json_number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json training_options_json(const TrainingOptions& options) {
  Json json;
  FieldsToJson to_json(json);
  TrainingOptions shown = options;
  shown.visit(to_json);
  return json;
}

Json inputs_json(const std::vector<InputRecord>& inputs) {
  Json json = Json::array();
  for (const InputRecord& input : inputs) {
    json.push_back({{"role", input.role}, {"path", input.path}, {"sha256", input.sha256}});
  }
  return json;
}

Json summary_json(const AlsSummary& summary) {
  return {{"iterations", summary.iterations},
          {"objective", summary.objective},
          {"train_rmse", summary.train_rmse}};
}

Json summary_json(const LassoSummary& summary) {
  return {{"users", summary.users},
          {"not_converged", summary.not_converged},
          {"worst_relative_gap", summary.worst_gap},
          {"objective_sum", summary.objective_sum},
          {"nonzeros", summary.nonzeros},
          {"steps", summary.steps},
          {"warm_users", summary.warm_users},
          {"cold_users", summary.cold_users}};
}

Json timed(Json summary, double seconds) {
  summary["seconds"] = seconds;
  return summary;
}

Json gate_json(const SteinsGate& gate, const GateSummary& summary) {
  return {{"beta", gate.beta()},
          {"gamma", json_number(gate.gamma())},
          {"slope", gate.slope},
          {"offset", gate.offset},
          {"validation_rows", summary.rows},
          {"validation_rmse", summary.rmse},
          {"validation_rmse_als", summary.als_rmse},
          {"validation_rmse_lasso", summary.lasso_rmse}};
}

}  // namespace balse
