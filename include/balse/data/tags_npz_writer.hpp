#pragma once

#include <string>
#include <vector>

#include "balse/data/tags.hpp"

namespace balse {

/// The matrix as scipy.sparse.save_npz() writes it (csr, float32), with two more arrays: items, the
/// ids of the rows, and tags, the names of the columns. Throws as NpzWriter does.
std::string tags_as_npz(const TagMatrix& matrix, const std::vector<std::string>& items,
                        const std::vector<std::string>& tags);

}  // namespace balse
