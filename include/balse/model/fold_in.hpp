#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/model/model_options.hpp"
#include "balse/model/trained_model.hpp"

namespace balse {

/// What fold_in() found, and the memory that the model lies in from then on.
struct FoldedUsers {
  std::size_t new_users = 0;    ///< that the model did not have
  std::size_t known_users = 0;  ///< that it had
  /// Of these, those whose ratings replace all that the model has, as it does not keep the values.
  std::size_t replaced_users = 0;
  std::size_t ratings = 0;          ///< of `ratings`, that were taken in
  std::size_t unknown_ratings = 0;  ///< left out, as the model does not have the item
  std::size_t unknown_items = 0;    ///< so many items those are of
  std::size_t users_without = 0;    ///< users who have no others, who stay what they were

  std::vector<double> user_mean;
  std::vector<std::uint32_t> user_count;
  std::vector<std::uint64_t> rated_start;
  std::vector<std::uint32_t> rated_item;
  std::vector<double> rated_value;
};

/// Gives the model users who are new, or have rated more since the fit. All of items, all weights
/// and all hyper-parameters (`options`: those of the fit) stay as they are; the users of `ratings`
/// get parameters of every block, as a half step of the fit gives them (BlockKind::fold_in), and
/// the blends see how many ratings they have now. A user of the model keeps the ratings that it
/// knows; one of `ratings` of the same item takes the place of the old one.
///
/// The same bits at any number of threads (0: all processors). The result must outlive the model's
/// use. Throws Error(usage) where a block cannot take in users: the model is of a program that did
/// not store what that takes; Error(bad_data) where numbers overflow.
FoldedUsers fold_in(TrainedModel& model, const Ratings& ratings, const BalseOptions& options,
                    int threads);

}  // namespace balse
