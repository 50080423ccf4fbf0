#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "path_conflicts.hpp"

namespace balse::cli {

/// The models that were at a path before: MODEL.1, the newest, to MODEL.N. Going back is one
/// mv MODEL.1 MODEL.
class ModelHistory {
 public:
  /// `model` with all symbolic links followed: the files lie beside it. 0 keeps none.
  ModelHistory(std::string model, std::size_t keep) : model_(std::move(model)), keep_(keep) {}

  std::vector<NamedPath> paths() const;

  /// Throws Error(cannot_create) where one of them is no file: said before the work, not after.
  void check() const;

  /// Makes room, and the model that is there now also MODEL.1: to be called when what replaces it
  /// needs nothing more than to be renamed. The model itself never is missing. Where that fails it
  /// throws Error, with the model as it was.
  void keep_present() const;

 private:
  std::string path_of(std::size_t number) const { return model_ + '.' + std::to_string(number); }
  bool is_kept() const;
  void make_room() const;

  std::string model_;
  std::size_t keep_;
};

}  // namespace balse::cli
