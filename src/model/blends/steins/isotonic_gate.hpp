#pragma once

#include <span>

#include "balse/model/count_gate.hpp"
#include "balse/model/steins_gate.hpp"

namespace balse {

/// The weights by count, in [0, 1] and not falling, that minimise the sum of squared errors of
/// `samples` plus
///     prior_rows * q * sum over the counts R of (w(R) - sigmoid(R))^2,
/// q being the mean of (als - lasso)^2: as if at every count `prior_rows` more ratings had been
/// what the sigmoid says. As the sigmoid itself is among those weights, it is never better on
/// `samples`. Empty where no count tells ALS from LASSO.
CountGate isotonic_gate(const GateSamples& samples, const SteinsGate& sigmoid, double prior_rows);

/// The same of all `folds` together, with the number of prior rows that predicts a fold best from
/// the others. `sigmoid` is that of all of them; `prior_rows` becomes what was chosen.
CountGate fit_count_gate(std::span<const GateSamples> folds, const SteinsGate& sigmoid,
                         double& prior_rows);

}  // namespace balse
