#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/npz_numbers.hpp"

namespace balse::test {

template <typename T>
std::vector<T> all_of(const NpzArchive& archive, const std::string& name) {
  NpzNumbers<T> numbers(archive, name);
  std::vector<T> values(numbers.size());
  for (T& value : values) {
    value = numbers.next();
  }
  return values;
}

inline std::vector<float> floats_of(const NpzArchive& archive, const std::string& name) {
  return all_of<float>(archive, name);
}

inline std::vector<std::int64_t> integers_of(const NpzArchive& archive, const std::string& name) {
  return all_of<std::int64_t>(archive, name);
}

}  // namespace balse::test
