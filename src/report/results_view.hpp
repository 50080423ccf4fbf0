#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "balse/model/training_json.hpp"

namespace balse::report {

// Reading results without a throw: what is missing or of another type is null, and null is nothing.

/// A member of an object; null where there is none.
const Json& at(const Json& json, std::string_view key);
std::optional<double> number(const Json& json);
/// The whole number of a count; 0 where there is none.
std::uint64_t count(const Json& json);
/// A string as it is, a number as JSON writes it, nothing for null, else compact JSON.
std::string text(const Json& json);

struct ModelRow {
  std::string name;
  std::string title;
  bool is_blend = false;
};

/// The difference of two models, seen from `a`.
struct Difference {
  double value = 0.0;  ///< RMSE of a minus RMSE of b
  std::optional<double> low;
  std::optional<double> high;
  std::optional<double> p_holm;
};

/// How a figure stands to the best of its subset.
enum class Mark {
  none,
  best,
  tied,  ///< p >= .05 after Holm's correction
};

/// The results' parts that several pages need. Keeps a reference to the JSON.
class ResultsView {
 public:
  explicit ResultsView(const Json& json);

  const Json& json() const { return json_; }
  const Json& part(std::string_view key) const { return at(json_, key); }
  const std::vector<ModelRow>& models() const { return models_; }
  /// In the order of docs/results.md, those that any model has.
  const std::vector<std::string>& subsets() const { return subsets_; }
  /// models().size(): no such model.
  std::size_t index_of(std::string_view model) const;
  std::string title_of(std::string_view model) const;
  const Json& figure(std::string_view model, std::string_view subset) const;

  bool has_comparisons() const { return !differences_.empty(); }
  /// Of model a and model b, whichever way round the results have them.
  std::optional<Difference> difference(const std::string& a, const std::string& b,
                                       const std::string& subset) const;
  /// The model with the lowest "rmse" or "mae" of a subset; models().size(): none has any.
  std::size_t best(std::string_view subset, std::string_view measure = "rmse") const;
  Mark mark(std::size_t model, const std::string& subset) const;

 private:
  void read_models();
  void read_comparisons();

  const Json& json_;
  std::vector<ModelRow> models_;
  std::vector<std::string> subsets_;
  std::map<std::tuple<std::string, std::string, std::string>, Difference> differences_;
};

}  // namespace balse::report
