#include "model/fitting_tensors.hpp"

#include <algorithm>
#include <string>

namespace balse {

void misfit(const SafetensorsReader& file, std::string_view name) {
  file.fail("is damaged: tensor " + std::string(name) + " does not fit the others");
}

std::span<const std::uint64_t> offsets_of(const SafetensorsReader& file, std::string_view name,
                                          std::size_t rows, std::size_t elements) {
  const auto start = file.vector<std::uint64_t>(std::string(name));
  if (start.size() != rows + 1 || start.front() != 0 || start.back() != elements ||
      !std::is_sorted(start.begin(), start.end())) {
    misfit(file, name);
  }
  return start;
}

void check_below(const SafetensorsReader& file, std::string_view name,
                 std::span<const std::uint32_t> values, std::size_t limit) {
  std::uint32_t largest = 0;
  for (const std::uint32_t value : values) {
    largest = std::max(largest, value);
  }
  if (!values.empty() && largest >= limit) {
    misfit(file, name);
  }
}

}  // namespace balse
