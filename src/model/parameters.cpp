#include "balse/model/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

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

  std::span<const std::uint8_t> read_rough(const ArraySpec& spec, std::size_t& columns) const {
    const auto& tensor = file_.tensor(std::string(spec.name), Dtype::u8, 2);
    columns = tensor.shape[1] / 2;
    if (tensor.shape[0] != rows(spec) || tensor.shape[1] % 2 != 0 ||
        (spec.axes[1] == Axis::latent && columns != latent_)) {
      misfit(file_, spec.name);
    }
    return SafetensorsReader::elements<std::uint8_t>(tensor);
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
      case Axis::component:
        return extents_.components;
      case Axis::latent:
        return latent_;
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

}  // namespace

std::vector<std::uint8_t> rough_bytes(std::span<const double> values) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(2 * values.size());
  for (const double value : values) {
    const auto number =
        static_cast<std::int16_t>(std::lround(std::clamp(value, -1.0, 1.0) * RoughView::kOne));
    const auto bits = static_cast<std::uint16_t>(number);
    bytes.push_back(static_cast<std::uint8_t>(bits & 255U));
    bytes.push_back(static_cast<std::uint8_t>(bits >> 8U));
  }
  return bytes;
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

void Parameters::add_rough(const ArraySpec& spec, std::vector<std::uint8_t> bytes,
                           std::size_t columns) {
  Array array{.spec = spec, .columns = columns};
  array.bytes = keep(std::move(bytes), array.owner);
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

RoughView Parameters::rough(const ArraySpec& spec) const {
  const Array* const array = find(spec);
  return array == nullptr || array->columns == 0
             ? RoughView{}
             : RoughView{array->bytes.size() / (2 * array->columns), array->columns, array->bytes};
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
    } else if (spec.rough) {
      array.bytes = mapper.read_rough(spec, array.columns);
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
    if (array.spec.rough) {
      writer.add(
          name,
          {array.columns == 0 ? 0 : array.bytes.size() / (2 * array.columns), 2 * array.columns},
          array.bytes);
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

}  // namespace balse
