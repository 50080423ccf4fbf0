#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "balse/model/option_fields.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

struct NeighbourOptions {
  static constexpr OptionGroup kGroup = {"neighbours", "Neighbours"};

  int count = 20;         ///< kept of each item; 0: none are learned
  double lambda = 100.0;  ///< of the ridge
  int min_ratings = 10;   ///< items with fewer have no neighbours, and are none
  int max_items =
      12000;  ///< of those with the most ratings; memory is 4 times its square, in bytes

  void visit(FieldVisitor& visitor);
};

/// What learning them found.
struct NeighbourSummary {
  std::size_t items = 0;  ///< with neighbours
  double seconds = 0.0;

  std::vector<Figure> figures() const;
  /// Empty where none were learned.
  std::string sentence() const;
};

/// Who has rated what, as compressed rows: items of user u ascending.
struct RatedRows {
  std::span<const std::uint64_t> start;  ///< users + 1
  std::span<const std::uint32_t> item;
};

/// Which items say of an item that somebody who has rated them will rate it, too: EASE (Steck,
/// Embarrassingly Shallow Autoencoders for Sparse Data, 2019), in closed form. With X the 0/1
/// matrix of users and items and P = (X'X + lambda I)^-1,
///     B_kj = -P_kj / P_jj for k other than j, B_jj = 0
/// is the ridge regression of every column of X on all others. Of each column the entries with the
/// largest values are kept.
struct Neighbours {
  /// Row j: the items k whose B_kj are kept, ascending, and these.
  static constexpr ArraySpec kWeights = {.name = "neighbours.weight",
                                         .axes = {Axis::item, Axis::item},
                                         .start = "neighbours.start",
                                         .index = "neighbours.item"};
  static constexpr std::string_view kTitle = "neighbours";

  /// Empty with options.count 0. `items` are the rows, of which the last may have no ratings. The
  /// same bits at any number of threads.
  static Parameters learn(const RatedRows& rated, std::size_t items,
                          const NeighbourOptions& options, int threads, NeighbourSummary& summary);

  /// Items that have any, and the most that one has.
  static std::vector<Figure> describe(const Parameters& parameters);
};

}  // namespace balse
