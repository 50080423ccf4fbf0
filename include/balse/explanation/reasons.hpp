#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "balse/model/trained_model.hpp"

namespace balse {

/// One tag of a user's taste: a column label of the row P_i (paper, section V.E).
struct TagTaste {
  std::uint32_t tag = 0;
  double coefficient = 0.0;  ///< rating points for a tag weight of 1
  /// Of the coefficient: its posterior's standard deviation; NaN where the model knows none.
  double deviation = std::numeric_limits<double>::quiet_NaN();
  std::size_t ratings = 0;  ///< of the user, of items that carry the tag, however little

  /// Half of the interval that holds 95% of the posterior, around the coefficient.
  double margin() const { return 1.96 * deviation; }
};

/// What the tags say of a user.
struct UserTaste {
  std::vector<TagTaste> preferred;  ///< largest coefficients first, all positive
  std::vector<TagTaste> disliked;   ///< smallest first, all negative
  std::size_t tags = 0;             ///< with a coefficient, shown or not
};

/// The k most preferred and most disliked tags of a user, as the part of the best model says that
/// knows tags; empty where it knows nothing of them (unseen, or the model has no tags).
/// Tags of `hidden`, by tag, are left out; empty: none.
UserTaste taste_of(const TrainedModel& model, const Predictors& predictors, std::uint32_t user,
                   std::size_t k, const std::vector<bool>& hidden = {});

/// What one tag of an item adds to a prediction: weight T_jk times coefficient P_ik.
using Contribution = Term;

/// What one part of the best model says.
struct PartExplanation {
  Model model = Model::als;
  double prediction = 0.0;  ///< cut to a range as the model says
  double weight = 0.0;      ///< in the blend; all of them add up to 1
  Reasons reasons;
};

/// One of the user's ratings, and what it did to a prediction.
struct RatedShare {
  std::uint32_t item = 0;
  double rating = 0.0;
  double share = 0.0;  ///< rating points
};

/// What factors add to a prediction, taken apart by the ratings that the user's were learned from.
struct FactorShares {
  bool known = false;             ///< otherwise the rest is empty
  double value = 0.0;             ///< what factors add
  std::vector<RatedShare> rated;  ///< largest share first, in either direction
  double rest = 0.0;              ///< value less all shares: what goes back to no rating of theirs
};

/// Why a user is predicted to rate an item as they are.
struct Explanation {
  std::uint32_t item = 0;
  double prediction = 0.0;  ///< of the best model
  Fallback fallback = Fallback::none;
  std::uint32_t item_ratings = 0;      ///< in the model
  std::size_t item_tags = 0;           ///< in the model, or of those that came after it
  bool user_known = false;             ///< whether the model was trained on a rating of theirs
  bool recommended = false;            ///< where the prediction lies above the user's mean rating
  double user_mean = 0.0;              ///< that mean; everybody's where the user is not known
  std::vector<PartExplanation> parts;  ///< in the order of the table

  /// Whether one of the parts knows the user's taste by tags; otherwise the rest is empty.
  bool has_content = false;
  Model content = Model::lasso;  ///< that part, or the best model, where it speaks for all
  double intercept = 0.0;
  std::vector<Contribution> besides;           ///< what is not of tags: offsets, popularity, ...
  std::vector<Contribution> speaking_for;      ///< largest first, all positive
  std::vector<Contribution> speaking_against;  ///< smallest first, all negative
  /// Its prediction before clipping: exactly the intercept plus the values of besides, then
  /// speaking_for, then speaking_against, added up in this order.
  double unclipped = 0.0;
  double content_prediction = 0.0;  ///< the same, cut to a range as the model says

  FactorShares factors;  ///< of all parts; see Block::factor_shares()

  /// Null where the best model has no such part.
  const PartExplanation* part(Model model) const;
};

Explanation explain(const TrainedModel& model, const Predictors& predictors, std::uint32_t user,
                    std::uint32_t item);

/// The contributions of tags alone, ordered by value, largest first; those that are zero left out.
std::vector<Contribution> contributions_of(const Predictors& predictors, std::uint32_t user,
                                           std::uint32_t item);

struct SentenceOptions {
  std::size_t tags = 3;                  ///< at most, a side
  const std::vector<bool>* hidden = {};  ///< by tag: never named; null: none
  std::size_t rated = 2;                 ///< works that the user has rated, at most
};

/// What to call an item among others: its title, or "the item 123".
std::string short_name(const TrainedModel& model, std::uint32_t item);

/// Those of the user's ratings that are a reason for a prediction above their mean, or below it,
/// the strongest first: what they rated above their mean and whose share, at least a tenth of what
/// factors add, is positive; or below it and negative. Never the item itself.
std::vector<RatedShare> notable_works(const Explanation& explanation);

/// One sentence in the paper's form (section V.E): "We recommend to you the anime X, because there
/// is ...", or "You might not like the anime X, because there is ..., even though there is ...". It
/// names first what moved the prediction most from the user's mean, and as a reason only what moved
/// it the way it went: tags where all of them together did, works that the user liked (see
/// notable_works()), else what people with the user's taste think of the item, and the like. Where
/// the model knows nothing that could be a reason, the sentence says so instead. `item_name` is
/// what to call the item, as in "the anime X".
std::string sentence(const TrainedModel& model, const Explanation& explanation,
                     const std::string& item_name, const SentenceOptions& options = {});

}  // namespace balse
