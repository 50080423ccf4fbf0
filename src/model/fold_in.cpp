#include "balse/model/fold_in.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "balse/data/rating_matrix.hpp"
#include "balse/model/rating_means.hpp"
#include "balse/support/error.hpp"

#include "model/sound_numbers.hpp"

namespace balse {
namespace {

using Rated = std::pair<std::uint32_t, float>;  // item, value

/// Who is folded in, by their place in the model: users that it knows first.
struct Newcomers {
  std::vector<std::uint32_t> target;  // ascending
  RatingRows by_user = {.start = {0}, .index = {}, .value = {}};
};

class FoldIn {
 public:
  FoldIn(TrainedModel& model, const Ratings& ratings, const BalseOptions& options, int threads)
      : model_(model), ratings_(ratings), options_(options), threads_(threads) {}

  FoldedUsers run() {
    collect();
    if (newcomers_.target.empty()) {
      return std::move(folded_);
    }
    RatingMatrix matrix;
    matrix.by_user = newcomers_.by_user;
    matrix.by_item.start = {0};
    RatingMeans means = compute_rating_means(matrix);
    means.global = model_.data.means.global;
    fold_blocks(means);
    replace_means(means);
    replace_ratings();
    return std::move(folded_);
  }

 private:
  /// The ratings of every user of the file, by their number there; those of items that the model
  /// does not have are left out.
  std::vector<std::vector<Rated>> ratings_by_user() {
    std::vector<std::uint32_t> item_of(ratings_.items.size());
    for (std::uint32_t item = 0; item < item_of.size(); ++item) {
      item_of[item] = model_.items.find(ratings_.items[item]).value_or(kUnknownItem);
      folded_.unknown_items += item_of[item] == kUnknownItem ? 1 : 0;
    }
    std::vector<std::vector<Rated>> rated(ratings_.users.size());
    for (std::size_t row = 0; row < ratings_.size(); ++row) {
      const std::uint32_t item = item_of[ratings_.item[row]];
      if (item == kUnknownItem) {
        ++folded_.unknown_ratings;
      } else {
        rated[ratings_.user[row]].emplace_back(item, ratings_.value[row]);
        ++folded_.ratings;
      }
    }
    return rated;
  }

  void collect() {
    std::vector<std::vector<Rated>> rated = ratings_by_user();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> order;  // user of the model, of the file
    const auto users_before = static_cast<std::uint32_t>(model_.users.size());
    for (std::uint32_t user = 0; user < rated.size(); ++user) {
      if (rated[user].empty()) {
        ++folded_.users_without;
      } else {
        order.emplace_back(model_.users.insert(ratings_.users[user]), user);
      }
    }
    std::sort(order.begin(), order.end());
    for (const auto& [target, user] : order) {
      std::vector<Rated>& of_user = rated[user];
      if (target < users_before) {
        ++folded_.known_users;
        add_known(target, of_user);
      } else {
        ++folded_.new_users;
      }
      std::sort(of_user.begin(), of_user.end());
      newcomers_.target.push_back(target);
      for (const auto& [item, value] : of_user) {
        newcomers_.by_user.index.push_back(item);
        newcomers_.by_user.value.push_back(value);
      }
      newcomers_.by_user.start.push_back(newcomers_.by_user.index.size());
    }
  }

  /// What the model has of the user, but for items that are rated anew.
  void add_known(std::uint32_t user, std::vector<Rated>& rated) {
    const std::uint64_t first = model_.rated_start[user];
    const std::uint64_t last = model_.rated_start[user + 1];
    if (model_.rated_value.empty()) {
      folded_.replaced_users += last > first ? 1 : 0;
      return;
    }
    std::vector<std::uint32_t> anew;
    anew.reserve(rated.size());
    for (const auto& [item, value] : rated) {
      anew.push_back(item);
    }
    std::sort(anew.begin(), anew.end());
    for (std::uint64_t k = first; k < last; ++k) {
      const std::uint32_t item = model_.rated_item[k];
      if (!std::binary_search(anew.begin(), anew.end(), item)) {
        rated.emplace_back(item, static_cast<float>(model_.rated_value[k]));
      }
    }
  }

  void fold_blocks(const RatingMeans& means) {
    std::vector<std::uint32_t> rated = newcomers_.by_user.index;
    std::sort(rated.begin(), rated.end());
    rated.erase(std::unique(rated.begin(), rated.end()), rated.end());
    RatingRows by_rated = newcomers_.by_user;
    for (std::uint32_t& item : by_rated.index) {
      item = static_cast<std::uint32_t>(std::lower_bound(rated.begin(), rated.end(), item) -
                                        rated.begin());
    }
    const FoldInSet set = {.by_user = newcomers_.by_user,
                           .rated = rated,
                           .by_rated = by_rated,
                           .means = means,
                           .data = model_.data,
                           .items = model_.items.size(),
                           .threads = threads_};
    for (const BlockKind& kind : block_kinds()) {
      if (model_.has(kind.model) && has_users(kind)) {
        const Parameters rows =
            kind.fold_in == nullptr
                ? Parameters()
                : kind.fold_in(model_.parameters[index_of(kind.model)], set, options_);
        replace_rows(kind, rows);
      }
    }
    for (const BlendKind& kind : blend_kinds()) {
      if (model_.has(kind.model) && has_users(kind)) {
        replace_rows(kind, counts_of(kind, means));
      }
    }
  }

  static bool has_users(const ModelKind& kind) {
    return std::any_of(kind.arrays.begin(), kind.arrays.end(),
                       [](const ArraySpec& spec) { return spec.axes[0] == Axis::user; });
  }

  /// What blends know of users is how many ratings they have.
  static Parameters counts_of(const ModelKind& kind, const RatingMeans& means) {
    Parameters rows;
    for (const ArraySpec& spec : kind.arrays) {
      if (spec.axes[0] == Axis::user && spec.counts) {
        rows.add(spec, means.user_count);
      }
    }
    return rows;
  }

  void replace_rows(const ModelKind& kind, const Parameters& rows) {
    Parameters& parameters = model_.parameters[index_of(kind.model)];
    for (const ArraySpec& spec : kind.arrays) {
      if (spec.axes[0] != Axis::user || !parameters.has(spec)) {
        continue;
      }
      if (!rows.has(spec)) {
        throw Error(ErrorKind::usage,
                    {.found = "the model was made by a balse that did not store what taking in "
                              "users takes: " +
                              std::string(kind.title),
                     .hint = "balse fit again"});
      }
      if (!all_sound(rows.vector(spec)) || !all_sound(rows.sparse(spec).value)) {
        throw Error(ErrorKind::bad_data,
                    {.found = std::string(kind.title) + " of the users taken in is not finite",
                     .hint = "whether the ratings are the right column"});
      }
    }
    parameters = parameters.with_users(newcomers_.target, model_.users.size(), rows);
  }

  void replace_means(const RatingMeans& means) {
    RatingMeansView& view = model_.data.means;
    folded_.user_mean.assign(view.user.begin(), view.user.end());
    folded_.user_count.assign(view.user_count.begin(), view.user_count.end());
    folded_.user_mean.resize(model_.users.size());
    folded_.user_count.resize(model_.users.size());
    for (std::size_t k = 0; k < newcomers_.target.size(); ++k) {
      folded_.user_mean[newcomers_.target[k]] = means.user[k];
      folded_.user_count[newcomers_.target[k]] = means.user_count[k];
    }
    view.user = folded_.user_mean;
    view.user_count = folded_.user_count;
  }

  void replace_ratings() {
    const std::size_t most = model_.rated_item.size() + newcomers_.by_user.index.size();
    folded_.rated_start.reserve(model_.users.size() + 1);
    folded_.rated_start = {0};
    folded_.rated_item.reserve(most);
    folded_.rated_value.reserve(model_.rated_value.empty() ? 0 : most);
    std::uint32_t user = 0;
    for (std::size_t next = 0; next < newcomers_.target.size(); ++next) {
      keep_ratings(user, newcomers_.target[next]);
      append(folded_.rated_item, newcomers_.by_user.indices_of(next));
      append(folded_.rated_value, newcomers_.by_user.values_of(next));
      folded_.rated_start.push_back(folded_.rated_item.size());
      user = newcomers_.target[next] + 1;
    }
    keep_ratings(user, static_cast<std::uint32_t>(model_.users.size()));
    model_.rated_start = folded_.rated_start;
    model_.rated_item = folded_.rated_item;
    if (!model_.rated_value.empty()) {
      model_.rated_value = {.index = {}, .value = folded_.rated_value};
    }
  }

  /// Of the users from `begin` to before `end`, whom nothing is new of.
  void keep_ratings(std::uint32_t begin, std::uint32_t end) {
    if (begin >= end) {
      return;
    }
    const std::uint64_t first = model_.rated_start[begin];
    const std::uint64_t count = model_.rated_start[end] - first;
    const std::uint64_t moved_to = folded_.rated_item.size();
    for (std::uint32_t user = begin; user < end; ++user) {
      folded_.rated_start.push_back(moved_to + model_.rated_start[user + 1] - first);
    }
    append(folded_.rated_item, model_.rated_item.subspan(first, count));
    model_.rated_value.append_to(folded_.rated_value, first, count);
  }

  template <typename To, typename From>
  static void append(To& to, const From& from) {
    to.insert(to.end(), from.begin(), from.end());
  }

  static constexpr std::uint32_t kUnknownItem = UINT32_MAX;

  TrainedModel& model_;
  const Ratings& ratings_;
  const BalseOptions& options_;
  int threads_;
  Newcomers newcomers_;
  FoldedUsers folded_;
};

}  // namespace

FoldedUsers fold_in(TrainedModel& model, const Ratings& ratings, const BalseOptions& options,
                    int threads) {
  return FoldIn(model, ratings, options, threads).run();
}

}  // namespace balse
