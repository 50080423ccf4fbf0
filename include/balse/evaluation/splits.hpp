#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/model/training.hpp"

namespace balse {

enum class Protocol {
  paper,  ///< k-fold over the ratings (paper, section V.C): with 5 folds 20% test, and 30% of the
          ///< rest, 24%, validation
  notebook,   ///< random splits, overlapping tests: 10% test, 27% validation; what produced Table I
  item_cold,  ///< k-fold over the items: no item that is tested or validates has a training rating
  user_cold,  ///< k-fold over the users, likewise
  time,       ///< one fold: trained on what was rated earlier, tested on what was rated later
};

/// What is later than what in Protocol::time. About so many of the latest ratings are tested as
/// test_share says, and of the others the latest 30% validate. A cut lies between two different
/// times, the nearest to the share asked for (the later of two as near), with something on either
/// side: equal times are never parted, unless all are equal; then which are taken depends on the
/// seed, the user and the item, not on the order of the rows.
enum class TimeCut {
  global,    ///< than all ratings that are trained on
  per_user,  ///< than those of the same user: each user's ratings are cut by themselves; at least
             ///< one is tested, unless it is the only one
};

struct SplitOptions {
  Protocol protocol = Protocol::paper;
  int folds = 5;   ///< folds, or splits (notebook), a repetition
  int repeat = 1;  ///< repetitions, each with fresh randomness; of time there is one fold
  std::uint64_t seed = 42;
  TimeCut time_cut = TimeCut::global;  ///< of time alone, as the next
  double test_share = 0.2;             ///< of the ratings, above 0 and below 1

  /// Empty, or a sentence that says what is wrong with them whatever the ratings are.
  std::string validate() const;
  /// Likewise for these ratings.
  std::string validate(const Ratings& ratings) const;
};

/// Which part each rating plays, fold by fold. Made anew for each fold: one byte a rating, never
/// folds bytes.
class Splits {
 public:
  virtual ~Splits() = default;
  virtual std::size_t folds() const = 0;
  virtual std::string describe() const = 0;  ///< for a report: "5-fold, 56% train / ..."
  virtual std::vector<Part> parts(std::size_t fold) const = 0;
  virtual std::string fingerprint() const { return {}; }  ///< SHA-256 of the file they are from
};

/// Drawn from a protocol: all splits with the right number of ratings (item_cold: items, user_cold:
/// users) in each part are equally likely. `options` are valid for `ratings`, which must outlive
/// the result.
std::unique_ptr<Splits> make_splits(const SplitOptions& options, const Ratings& ratings);

/// One fold that tests the ratings from `test_begin` on, those of another file, called `name`; a
/// random 30% of the others validate. There are some on either side.
std::unique_ptr<Splits> make_test_file_splits(const std::string& name, std::size_t test_begin,
                                              const Ratings& ratings, std::uint64_t seed);

/// Read from a CSV file with a column `row` (0-based data row of the rating file) and columns
/// NAME0, NAME1, ... of 0, 1, 2, 3 (see Part), plain or gzip; every fold trains on some and tests
/// some. `fold_set` is NAME; empty where the file has only one. Throws Error(bad_data) where a
/// rating has no row, Error(usage) for an unknown or ambiguous NAME.
std::unique_ptr<Splits> read_splits(const std::string& path, const std::string& fold_set,
                                    const Ratings& ratings);

/// Hands on `splits` in that format, piece by piece, with the column names fold_set0, fold_set1,
/// ...
void write_splits(const std::string& fold_set, const Splits& splits, const Ratings& ratings,
                  const std::function<void(std::string_view)>& write);

}  // namespace balse
