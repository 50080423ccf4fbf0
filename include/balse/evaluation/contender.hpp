#pragma once

#include <optional>
#include <string>
#include <vector>

#include "balse/model/block_kind.hpp"

namespace balse {

/// A row of the table: one of the program's models, or what somebody else's program predicted.
struct Contender {
  std::string name;            ///< "balse-plus": in CSV and JSON
  std::string title;           ///< "BALSE+": in tables
  std::optional<Model> model;  ///< none: from a file of predictions

  bool operator==(const Contender&) const = default;
};

inline Contender contender_of(Model model) {
  return {
      .name = std::string(name_of(model)), .title = std::string(title_of(model)), .model = model};
}

}  // namespace balse
