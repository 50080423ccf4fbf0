#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "balse/data/safetensors.hpp"

namespace balse {

// What refuses tensors of a model file that do not fit each other: whoever predicts may index
// without looking. Each throws Error(bad_data) that names the tensor.

[[noreturn]] void misfit(const SafetensorsReader& file, std::string_view name);

/// The rows + 1 offsets of compressed rows with `elements` elements in all.
std::span<const std::uint64_t> offsets_of(const SafetensorsReader& file, std::string_view name,
                                          std::size_t rows, std::size_t elements);

void check_below(const SafetensorsReader& file, std::string_view name,
                 std::span<const std::uint32_t> values, std::size_t limit);

}  // namespace balse
