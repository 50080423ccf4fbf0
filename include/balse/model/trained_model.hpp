#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "balse/data/id_index.hpp"
#include "balse/data/tags.hpp"
#include "balse/model/balse.hpp"
#include "balse/model/steins_gate.hpp"

namespace balse {

/// Texts one after another: text k is bytes start[k] .. start[k+1]-1. Empty where there are none.
struct TextsView {
  std::span<const std::uint64_t> start;  ///< texts + 1
  std::span<const std::uint8_t> bytes;

  std::size_t size() const { return start.empty() ? 0 : start.size() - 1; }
  /// "" beyond the last one.
  std::string_view operator[](std::size_t k) const {
    return k < size() ? std::string_view(reinterpret_cast<const char*>(bytes.data()) + start[k],
                                         start[k + 1] - start[k])
                      : std::string_view();
  }
};

/// What `fit` leaves behind and predict, recommend and explain work from. The numbers lie
/// elsewhere: in a mapped model file (ModelFile), or in what was just fitted. Items may outnumber
/// the rows of factors and counts: those are unseen, known by their tags alone.
struct TrainedModel {
  IdIndex users;
  IdIndex items;
  IdIndex tags;
  BlockParameters parameters;
  SteinsGate gate;  ///< of ALS and LASSO; without tags there is ALS alone
  std::span<const std::uint32_t> gate_counts;  ///< R_j as the gate sees it, by item

  // What each user has rated: items ascending, as compressed rows.
  std::span<const std::uint64_t> rated_start;  ///< users + 1
  std::span<const std::uint32_t> rated_item;

  TextsView titles;      ///< by item; empty where no works were given to fit
  TextsView categories;  ///< by item, as in "anime"

  bool has_tags() const { return parameters.tags.has_value(); }
  std::span<const std::uint32_t> rated_by(std::uint32_t user) const {
    return user < users.size()
               ? rated_item.subspan(rated_start[user], rated_start[user + 1] - rated_start[user])
               : std::span<const std::uint32_t>();
  }
  std::uint32_t count_of_item(std::uint32_t item) const {
    const auto& counts = parameters.means.item_count;
    return item < counts.size() ? counts[item] : 0;
  }

  /// The gate's weight of ALS for an item; 1 without tags.
  double weight_of_als(std::uint32_t item) const {
    return has_tags() ? gate.weight(item < gate_counts.size() ? gate_counts[item] : 0) : 1.0;
  }

  /// All blocks of the model, BALSE where it has tags. *this must outlive them.
  Predictors predictors() const;
};

/// What add_item_tags() found, and the memory that the model's tags lie in from then on.
struct NewItems {
  TagMatrix matrix;
  std::size_t new_items = 0;     ///< items that the model did not have
  std::size_t known_items = 0;   ///< items that it had: the new tags replace theirs
  std::size_t unknown_tags = 0;  ///< tags that it does not have: ignored, no user has an opinion
};

/// Gives the model, which has tags, the tags of a file: of items it has never seen (a manga
/// announced today) and of items it has. The result must outlive the model's use.
NewItems add_item_tags(TrainedModel& model, const Tags& tags);

}  // namespace balse
