#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/data/tags.hpp"

namespace balse {

/// Who rates what, whatever the rating: the leading singular vectors of A = D_u^-1/2 B D_i^-1/2,
/// where B is 1 for every rated pair and 0 otherwise, D_u = max(n_u, 1), D_i = max(n_i, 1) + 5 for
/// the numbers of ratings n. Largest singular values first; the signs are free.
struct ImplicitSvd {
  std::size_t count = 0;         ///< of singular values; fewer than asked for if A is smaller
  std::vector<double> singular;  ///< count
  std::vector<double> users;     ///< users x count: the left vectors
  std::vector<double> items;     ///< items x count: the right vectors
};

/// D_i^-1/2 of an item with so many ratings.
double implicit_item_root(std::size_t ratings);

/// The same bits at any number of threads.
ImplicitSvd implicit_svd(const RatingMatrix& ratings, std::size_t count, int threads);

/// Tags as few numbers an item, a linear map of its row of the tag matrix: scores = T basis. Where
/// there are no more tags than `limit` the basis is the identity; otherwise its columns are the
/// leading principal components of T over the items that have tags. Not centred: whoever uses them
/// has an intercept.
struct TagComponents {
  std::size_t tags = 0;
  std::size_t count = 0;
  std::vector<double> basis;   ///< tags x count
  std::vector<double> scores;  ///< items x count
};

TagComponents tag_components(const TagMatrix& tags, std::size_t limit);

/// What several blocks compute from one training set, computed once: when the first of them asks.
/// Not for several threads at once.
class DerivedFeatures {
 public:
  /// Of kImplicit singular values.
  const ImplicitSvd& implicit(const RatingMatrix& ratings, int threads);
  const TagComponents& components(const TagMatrix& tags, std::size_t limit);

  static constexpr std::size_t kImplicit = 32;

 private:
  std::optional<ImplicitSvd> implicit_;
  std::map<std::size_t, TagComponents> components_;  // by limit
};

/// How popular an item with n ratings is, on the scale of the other features:
/// (ln(1 + n) - 1) / 1.5.
double popularity(std::uint32_t ratings);

/// What the company that an item keeps says of it: its row of A' U, of unit mean square, times
/// n / (n + 5); all zero for an item without ratings. items x svd.count.
std::vector<double> similarity_features(const ImplicitSvd& svd,
                                        std::span<const std::uint32_t> item_counts);

}  // namespace balse
