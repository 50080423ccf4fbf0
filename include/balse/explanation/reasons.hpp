#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "balse/model/trained_model.hpp"

namespace balse {

/// One tag of a user's taste: a column label of the row P_i (paper, section V.E).
struct TagTaste {
  std::uint32_t tag = 0;
  double coefficient = 0.0;  ///< rating points for a tag weight of 1
};

/// What LASSO knows of a user.
struct UserTaste {
  std::vector<TagTaste> preferred;  ///< largest coefficients first, all positive
  std::vector<TagTaste> disliked;   ///< smallest first, all negative
  std::size_t tags = 0;             ///< with a coefficient, shown or not
};

/// The k most preferred and most disliked tags of a user; empty where LASSO knows nothing of them
/// (unseen, or the model has no tags).
UserTaste taste_of(const TrainedModel& model, std::uint32_t user, std::size_t k);

/// What one tag of an item adds to a user's LASSO prediction: weight T_jk times coefficient P_ik.
struct Contribution {
  std::uint32_t tag = 0;
  double weight = 0.0;
  double coefficient = 0.0;
  double value = 0.0;
};

/// Why a user is predicted to rate an item as they are.
struct Explanation {
  double prediction = 0.0;
  double als = 0.0;
  double als_weight = 1.0;  ///< of the gate; 1 - als_weight is LASSO's
  double lasso = 0.0;       ///< clipped as the model says
  Fallback fallback = Fallback::none;
  std::uint32_t item_ratings = 0;  ///< in the model
  std::size_t item_tags = 0;       ///< in the model, or of those that came after it
  bool user_known = false;         ///< whether the model was trained on a rating of theirs

  /// Whether LASSO has a model of this user; otherwise the rest is empty.
  bool has_content = false;
  double intercept = 0.0;
  std::vector<Contribution> speaking_for;      ///< largest first, all positive
  std::vector<Contribution> speaking_against;  ///< smallest first, all negative
  /// The LASSO prediction before clipping: exactly the intercept plus the values of speaking_for,
  /// then speaking_against, added up in this order.
  double lasso_unclipped = 0.0;

  /// Where the prediction lies above the user's mean rating.
  bool recommended = false;
};

/// `predictors` are model.predictors().
Explanation explain(const TrainedModel& model, const Predictors& predictors, std::uint32_t user,
                    std::uint32_t item);

/// The contributions alone, ordered by value, largest first; those that are zero left out.
std::vector<Contribution> contributions_of(const TrainedModel& model, std::uint32_t user,
                                           std::uint32_t item);

/// One sentence in the paper's form (section V.E): "We recommend to you the anime X, because there
/// is ...", or "You might not like the anime X, because there is ..., even though there is ...".
/// Where the model knows nothing that could be a reason, the sentence says so instead. At most `k`
/// tags a side. `item_name` is what to call the item, as in "the anime X".
std::string sentence(const TrainedModel& model, const Explanation& explanation,
                     const std::string& item_name, std::size_t k = 3);

}  // namespace balse
