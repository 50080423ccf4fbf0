#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "balse/evaluation/tuning.hpp"
#include "balse/model/stored_training.hpp"

namespace balse {

/// The finished folds of a run, in a folder, so that the next run of the same command need not
/// train them again: what they have learned, a file each. They are tested again, which takes
/// little, so that all results are the same bytes.
class FoldStore {
 public:
  /// A folder that is not there is made. `run` says what is evaluated and how: folds of a run that
  /// says anything else are an Error(usage).
  FoldStore(std::string folder, std::string run);

  struct Fold {
    StoredTraining file;
    Training training;  ///< in the memory of `file`
    std::vector<TunedFold> tuned;
    double seconds = 0.0;  ///< that it took
  };
  /// Null where the fold is not there, or is damaged: it is trained again then.
  std::unique_ptr<Fold> find(std::size_t fold, const Extents& extents) const;
  void add(std::size_t fold, const Training& training, const std::vector<TunedFold>& tuned,
           double seconds) const;

  /// Removes what it holds, and the folder where nothing else is in it.
  void remove() const;

 private:
  std::string path_of(std::size_t fold) const;

  std::string folder_;
  std::string run_;
};

}  // namespace balse
