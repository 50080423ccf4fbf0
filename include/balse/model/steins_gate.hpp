#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "balse/model/count_gate.hpp"
#include "balse/model/option_fields.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// The blend of two predictions by the number of training ratings R_j of the item (paper, section
/// IV.D):
///     w = sigma(beta (R_j - gamma)),   r = w * r_ALS + (1 - w) * r_LASSO.
/// Stored as sigma(slope * R_j + offset), slope = beta and offset = -beta * gamma: a weight that
/// does not depend on R_j has beta = 0 and no finite gamma.
struct SteinsGate {
  double slope = 0.0;
  double offset = 0.0;

  double weight(double item_count) const;  ///< of ALS, in [0, 1]
  double blend(double item_count, double als, double lasso) const;

  double beta() const { return slope; }
  double gamma() const { return -offset / slope; }  ///< infinite or NaN where the slope is 0
};

enum class GateMethod {
  optimum,   ///< the best gate with beta >= 0; deterministic, never worse than ALS or LASSO alone;
             ///< a constant where all validation ratings have one count
  descent,   ///< the paper's gradient descent from a random start, kept to reproduce Table I
  by_count,  ///< the best weights that do not fall with the count, drawn towards the optimum
};

struct GateOptions {
  /// Of the gate's options, of which how it is used has one more (TrainingOptions).
  static constexpr OptionGroup kGroup = {"gate", "Steins gate"};

  GateMethod method = GateMethod::optimum;
  // The rest is for `descent` alone; paper, section V.B and V.D.
  double learning_rate = 0.9;
  double decay = 0.997;  ///< of the learning rate, every decay_steps steps
  int decay_steps = 20;
  int steps = 15000;
  std::uint64_t seed = 42;  ///< of the start: beta and gamma standard normal

  /// Shows all options but seed.
  void visit(FieldVisitor& visitor);
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

struct GateSummary {
  std::size_t rows = 0;       ///< validation ratings
  double rmse = 0.0;          ///< of the blend on them
  double als_rmse = 0.0;      ///< of weight 1
  double lasso_rmse = 0.0;    ///< of weight 0
  SteinsGate gate;            ///< the sigmoid; of `by_count` the one that it is drawn towards
  CountGate by_count;         ///< what blends instead, where it is not empty
  double prior_rows = 0.0;    ///< of `by_count`: how strongly, in ratings a count
  double sigmoid_rmse = 0.0;  ///< of `by_count`: that of `gate`
  double seconds = 0.0;

  std::vector<Figure> figures() const;
  std::string sentence() const;
  std::string warning() const;

  /// Shows every number by its name, to whoever stores or reads them.
  template <typename Visitor>
  void visit(Visitor&& visitor) {
    visitor("rows", rows);
    visitor("rmse", rmse);
    visitor("als_rmse", als_rmse);
    visitor("lasso_rmse", lasso_rmse);
    visitor("gate_slope", gate.slope);
    visitor("gate_offset", gate.offset);
    visitor("by_count_from", by_count.from);
    visitor("by_count_weight", by_count.weight);
    visitor("prior_rows", prior_rows);
    visitor("sigmoid_rmse", sigmoid_rmse);
    visitor("seconds", seconds);
  }
};

/// What the gate's loss depends on, and all of it: the loss is a quadratic in w for each item
/// count, so three sums a count stand for any number of validation ratings.
class GateSamples {
 public:
  void add(std::uint32_t item_count, double als, double lasso, double rating);
  void add(const GateSamples& others);

  struct Group {
    double constant = 0.0;   ///< sum of (lasso - rating)^2
    double linear = 0.0;     ///< sum of (lasso - rating) (als - lasso)
    double quadratic = 0.0;  ///< sum of (als - lasso)^2
    std::size_t rows = 0;
  };
  const std::vector<Group>& groups() const { return groups_; }  ///< by item count; many are empty
  std::size_t rows() const { return rows_; }

  /// Sum of squared errors of the blend.
  double loss(const SteinsGate& gate) const;
  double loss(const CountGate& gate) const;

 private:
  std::vector<Group> groups_;
  std::size_t rows_ = 0;
};

/// The sigmoid; with `by_count` the optimum. Without samples the gate trusts ALS from the first
/// rating on (slope 1, offset -0.5).
SteinsGate fit_gate(const GateSamples& samples, const GateOptions& options,
                    GateSummary* summary = nullptr);

}  // namespace balse
