#pragma once

#include <string>
#include <vector>

#include "balse/data/id_index.hpp"

namespace balse {

struct IdListOptions {
  std::string column;  ///< by name or number from 1; empty: the one that a header calls user or
                       ///< item, else the first
  const IdIndex* known = nullptr;  ///< of the model: tells a header from ids
};

struct IdList {
  std::vector<std::string> ids;
  std::string guess;  ///< what was taken for what, where that was a guess; else empty
};

// Ids of users or items, one a row. A path or "-"; plain or compressed. A first row that cannot be
// an id among the known ones is a header; throws Error(bad_data) where it has several columns and
// none is called user or item, and where there are no ids.
IdList read_user_ids(const std::string& path, const IdListOptions& options = {});
IdList read_item_ids(const std::string& path, const IdListOptions& options = {});

}  // namespace balse
