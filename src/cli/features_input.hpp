#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/input_record.hpp"
#include "balse/model/block_table.hpp"
#include "balse/model/item_components.hpp"

namespace balse::cli {

/// What --features says of the rated items: nothing without a path, or, which a warning tells,
/// where it says nothing of them. Notes what was read in `records`. Throws Error.
std::optional<ItemComponents> read_item_components(const std::string& path, const IdIndex& rated,
                                                   std::vector<InputRecord>& records);

/// As many components as the block that takes most of them is told to.
std::size_t feature_components_of(const BlockOptions& options);

}  // namespace balse::cli
