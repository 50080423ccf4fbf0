#include <algorithm>
#include <utility>
#include <vector>

#include "balse/data/id_index.hpp"
#include "balse/model/parameters.hpp"

namespace balse {
namespace {

/// Rows of `columns` numbers, some replaced by those of `rows`.
template <typename T>
std::vector<T> replaced(std::span<const T> values, std::span<const T> rows, std::size_t columns,
                        std::span<const std::uint32_t> target, std::size_t users) {
  std::vector<T> result;
  result.reserve(users * columns);
  result.assign(values.begin(), values.end());
  result.resize(users * columns);
  for (std::size_t k = 0; k < target.size(); ++k) {
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(k * columns), columns,
                result.begin() + static_cast<std::ptrdiff_t>(target[k] * columns));
  }
  return result;
}

std::span<const std::uint32_t> rows_by(const Renumbering& renumbering, Axis axis) {
  switch (axis) {
    case Axis::user:
      return renumbering.user;
    case Axis::item:
      return renumbering.item;
    case Axis::tag:
      return renumbering.tag;
    case Axis::feature:
      return renumbering.feature;
    case Axis::component:
    case Axis::latent:
    case Axis::free:
    case Axis::none:
      break;
  }
  return {};
}

}  // namespace

std::vector<std::uint32_t> old_indices(const IdIndex& old, const IdIndex& today) {
  std::vector<std::uint32_t> indices(today.size());
  for (std::uint32_t k = 0; k < today.size(); ++k) {
    indices[k] = old.find(today[k]).value_or(Renumbering::kNew);
  }
  return indices;
}

Parameters Parameters::with_users(std::span<const std::uint32_t> target, std::size_t users,
                                  const Parameters& rows) const {
  Parameters result;
  for (const Array& array : arrays_) {
    const Array* const from = rows.find(array.spec);
    if (array.spec.axes[0] != Axis::user || from == nullptr) {
      result.arrays_.push_back(array);
    } else if (array.spec.sparse()) {
      result.arrays_.push_back(with_sparse_users(array, target, users, *from));
    } else {
      result.arrays_.push_back(with_dense_users(array, target, users, *from));
    }
  }
  return result;
}

Parameters::Array Parameters::with_dense_users(const Array& array,
                                               std::span<const std::uint32_t> target,
                                               std::size_t users, const Array& rows) {
  Parameters one;
  if (array.spec.counts) {
    one.add(array.spec, replaced(array.index, rows.index, 1, target, users));
  } else {
    one.add(array.spec, replaced(array.values, rows.values, array.columns, target, users),
            array.columns);
  }
  return one.arrays_.front();
}

Parameters::Array Parameters::with_sparse_users(const Array& array,
                                                std::span<const std::uint32_t> target,
                                                std::size_t users, const Array& rows) {
  std::vector<std::uint64_t> start = {0};
  std::vector<std::uint32_t> index;
  std::vector<double> values;
  start.reserve(users + 1);
  index.reserve(array.index.size() + rows.index.size());
  values.reserve(index.capacity());
  std::size_t next = 0;  // in target
  for (std::size_t user = 0; user < users; ++user) {
    const bool is_new = next < target.size() && target[next] == user;
    const Array& from = is_new ? rows : array;
    const std::size_t row = is_new ? next++ : user;
    const std::size_t count = from.start[row + 1] - from.start[row];
    const auto indices = from.index.subspan(from.start[row], count);
    const auto numbers = from.values.subspan(from.start[row], count);
    index.insert(index.end(), indices.begin(), indices.end());
    values.insert(values.end(), numbers.begin(), numbers.end());
    start.push_back(index.size());
  }
  Parameters one;
  one.add(array.spec, std::move(start), std::move(index), std::move(values));
  return one.arrays_.front();
}

Parameters Parameters::renumbered(const Renumbering& renumbering, const Parameters& start) const {
  Parameters result;
  for (const Array& array : arrays_) {
    const std::span<const std::uint32_t> rows = rows_by(renumbering, array.spec.axes[0]);
    if (array.spec.axes[0] == Axis::none || array.spec.axes[0] == Axis::latent) {
      result.arrays_.push_back(array);
    } else if (array.spec.sparse()) {
      result.arrays_.push_back(
          renumbered_sparse(array, rows, rows_by(renumbering, array.spec.axes[1])));
    } else if (!array.spec.counts && !array.spec.rough) {  // of a training set, not learned
      result.arrays_.push_back(renumbered_dense(array, rows, start.find(array.spec)));
    }
  }
  return result;
}

Parameters::Array Parameters::renumbered_dense(const Array& array,
                                               std::span<const std::uint32_t> rows,
                                               const Array* start) const {
  std::vector<double> values = start != nullptr
                                   ? std::vector<double>(start->values.begin(), start->values.end())
                                   : std::vector<double>(rows.size() * array.columns);
  values.resize(rows.size() * array.columns);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t from = std::size_t{rows[row]} * array.columns;
    if (rows[row] != Renumbering::kNew && from + array.columns <= array.values.size()) {
      std::copy_n(array.values.begin() + static_cast<std::ptrdiff_t>(from), array.columns,
                  values.begin() + static_cast<std::ptrdiff_t>(row * array.columns));
    }
  }
  Parameters one;
  one.add(array.spec, std::move(values), array.columns);
  return one.arrays_.front();
}

Parameters::Array Parameters::renumbered_sparse(const Array& array,
                                                std::span<const std::uint32_t> rows,
                                                std::span<const std::uint32_t> old_columns) {
  const std::uint32_t old_count =
      array.index.empty() ? 0 : *std::max_element(array.index.begin(), array.index.end()) + 1;
  std::vector<std::uint32_t> new_column(old_count, Renumbering::kNew);
  for (std::uint32_t column = 0; column < old_columns.size(); ++column) {
    if (old_columns[column] < old_count) {
      new_column[old_columns[column]] = column;
    }
  }
  std::vector<std::uint64_t> start = {0};
  std::vector<std::uint32_t> index;
  std::vector<double> values;
  std::vector<std::pair<std::uint32_t, double>> entries;
  for (const std::uint32_t row : rows) {
    entries.clear();
    if (row != Renumbering::kNew && row + 1 < array.start.size()) {
      for (std::uint64_t k = array.start[row]; k < array.start[row + 1]; ++k) {
        if (new_column[array.index[k]] != Renumbering::kNew) {
          entries.emplace_back(new_column[array.index[k]], array.values[k]);
        }
      }
    }
    std::sort(entries.begin(), entries.end());
    for (const auto& [column, value] : entries) {
      index.push_back(column);
      values.push_back(value);
    }
    start.push_back(index.size());
  }
  Parameters one;
  one.add(array.spec, std::move(start), std::move(index), std::move(values));
  return one.arrays_.front();
}

}  // namespace balse
