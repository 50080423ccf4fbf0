#include "balse/model/parameters.hpp"

#include <algorithm>
#include <utility>

#include "balse/data/id_index.hpp"
#include "balse/data/safetensors.hpp"
#include "balse/support/error.hpp"

#include "model/fitting_tensors.hpp"
#include "model/sound_numbers.hpp"

namespace balse {
namespace {

template <typename T>
std::span<const T> keep(std::vector<T> values, std::shared_ptr<const void>& owner) {
  const auto kept = std::make_shared<const std::vector<T>>(std::move(values));
  owner = kept;
  return *kept;
}

/// Reads arrays of a file and refuses those that do not fit.
class Mapper {
 public:
  Mapper(const SafetensorsReader& file, const Extents& extents) : file_(file), extents_(extents) {}

  void read(const ArraySpec& spec, std::size_t& columns, std::span<const double>& values) {
    const bool is_matrix = spec.axes[1] != Axis::none;
    const auto& tensor = file_.tensor(std::string(spec.name), Dtype::f64, is_matrix ? 2 : 1);
    columns = is_matrix ? tensor.shape[1] : 1;
    if (tensor.shape[0] != rows(spec)) {
      misfit(file_, spec.name);
    }
    if (spec.axes[1] == Axis::latent) {
      latent_ = latent_ == 0 ? columns : latent_;
      if (columns != latent_) {
        misfit(file_, spec.name);
      }
    }
    values = SafetensorsReader::elements<double>(tensor);
  }

  std::span<const std::uint32_t> read_counts(const ArraySpec& spec) const {
    const auto counts = file_.vector<std::uint32_t>(std::string(spec.name));
    if (counts.size() != rows(spec)) {
      misfit(file_, spec.name);
    }
    return counts;
  }

  SparseView read_sparse(const ArraySpec& spec) const {
    SparseView view = {.start = {},
                       .index = file_.vector<std::uint32_t>(std::string(spec.index)),
                       .value = file_.vector<double>(std::string(spec.name))};
    if (view.value.size() != view.index.size()) {
      misfit(file_, spec.name);
    }
    view.start = offsets_of(file_, spec.start, rows(spec), view.index.size());
    check_below(file_, spec.index, view.index,
                spec.axes[1] == Axis::item ? extents_.items : extents_.tags);
    return view;
  }

 private:
  std::size_t rows(const ArraySpec& spec) const {
    switch (spec.axes[0]) {
      case Axis::user:
        return extents_.users;
      case Axis::item:
        return extents_.items;
      case Axis::tag:
        return extents_.tags;
      case Axis::feature:
        return extents_.features;
      case Axis::latent:
      case Axis::free:
      case Axis::none:
        break;
    }
    return spec.length;
  }

  const SafetensorsReader& file_;
  const Extents& extents_;
  std::size_t latent_ = 0;
};

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

void Parameters::add(const ArraySpec& spec, std::vector<double> values, std::size_t columns) {
  Array array{.spec = spec, .columns = columns};
  array.values = keep(std::move(values), array.owner);
  arrays_.push_back(std::move(array));
}

void Parameters::add(const ArraySpec& spec, std::vector<std::uint32_t> counts) {
  Array array{.spec = spec};
  array.index = keep(std::move(counts), array.owner);
  arrays_.push_back(std::move(array));
}

void Parameters::add(const ArraySpec& spec, std::vector<std::uint64_t> start,
                     std::vector<std::uint32_t> index, std::vector<double> values) {
  struct Rows {
    std::vector<std::uint64_t> start;
    std::vector<std::uint32_t> index;
    std::vector<double> values;
  };
  const auto rows =
      std::make_shared<const Rows>(Rows{std::move(start), std::move(index), std::move(values)});
  arrays_.push_back({.spec = spec,
                     .values = rows->values,
                     .index = rows->index,
                     .start = rows->start,
                     .owner = rows});
}

const Parameters::Array* Parameters::find(const ArraySpec& spec) const {
  const auto found = std::find_if(arrays_.begin(), arrays_.end(),
                                  [&](const Array& array) { return array.spec.name == spec.name; });
  return found == arrays_.end() ? nullptr : &*found;
}

MatrixView Parameters::matrix(const ArraySpec& spec) const {
  const Array* const array = find(spec);
  return array == nullptr || array->columns == 0
             ? MatrixView{}
             : MatrixView{array->values.size() / array->columns, array->columns, array->values};
}

std::span<const std::uint32_t> Parameters::counts(const ArraySpec& spec) const {
  const Array* const array = find(spec);
  return array == nullptr ? std::span<const std::uint32_t>() : array->index;
}

SparseView Parameters::sparse(const ArraySpec& spec) const {
  const Array* const array = find(spec);
  return array == nullptr ? SparseView{} : SparseView{array->start, array->index, array->values};
}

Parameters Parameters::map(const SafetensorsReader& file, std::span<const ArraySpec> specs,
                           const Extents& extents) {
  Parameters parameters;
  const bool any = std::any_of(specs.begin(), specs.end(), [&](const ArraySpec& spec) {
    return file.has(std::string(spec.name)) || (spec.sparse() && file.has(std::string(spec.start)));
  });
  if (!any) {
    return parameters;
  }
  Mapper mapper(file, extents);
  for (const ArraySpec& spec : specs) {
    if (spec.optional && !file.has(std::string(spec.name))) {
      continue;
    }
    Array array{.spec = spec};
    if (spec.sparse()) {
      const SparseView view = mapper.read_sparse(spec);
      array.start = view.start;
      array.index = view.index;
      array.values = view.value;
    } else if (spec.counts) {
      array.index = mapper.read_counts(spec);
    } else {
      mapper.read(spec, array.columns, array.values);
    }
    parameters.arrays_.push_back(std::move(array));
  }
  return parameters;
}

void Parameters::write(SafetensorsWriter& writer) const {
  for (const Array& array : arrays_) {
    const std::string name(array.spec.name);
    if (array.spec.counts) {
      writer.add(name, array.index);
      continue;
    }
    if (!all_sound(array.values)) {
      fail_unsound(name);
    }
    if (array.spec.sparse()) {
      writer.add(std::string(array.spec.start), array.start);
      writer.add(std::string(array.spec.index), array.index);
      writer.add(name, array.values);
    } else if (array.spec.axes[1] != Axis::none) {
      writer.add(name,
                 {array.columns == 0 ? 0 : array.values.size() / array.columns, array.columns},
                 array.values);
    } else {
      writer.add(name, array.values);
    }
  }
}

bool Parameters::fits(const Parameters& other) const {
  return std::all_of(arrays_.begin(), arrays_.end(), [&](const Array& array) {
    const Array* const theirs = other.find(array.spec);
    return array.spec.axes[1] != Axis::latent || theirs == nullptr ||
           theirs->columns == array.columns;
  });
}

Parameters Parameters::renumbered(const Renumbering& renumbering, const Parameters& start) const {
  Parameters result;
  for (const Array& array : arrays_) {
    const std::span<const std::uint32_t> rows = rows_by(renumbering, array.spec.axes[0]);
    if (array.spec.axes[0] == Axis::none) {
      result.arrays_.push_back(array);
    } else if (array.spec.sparse()) {
      result.arrays_.push_back(
          renumbered_sparse(array, rows, rows_by(renumbering, array.spec.axes[1])));
    } else if (!array.spec.counts) {  // counts are of a training set, not learned
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
  Array result{.spec = array.spec, .columns = array.columns};
  result.values = keep(std::move(values), result.owner);
  return result;
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
