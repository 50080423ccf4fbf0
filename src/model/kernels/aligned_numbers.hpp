#pragma once

#include <algorithm>
#include <cstddef>
#include <new>

namespace balse {

/// Zeros aligned for the widest vectors of the kernels.
class AlignedNumbers {
 public:
  explicit AlignedNumbers(std::size_t count)
      : data_(static_cast<double*>(::operator new(count * sizeof(double), kAlignment))) {
    std::fill_n(data_, count, 0.0);
  }
  ~AlignedNumbers() { ::operator delete(data_, kAlignment); }
  AlignedNumbers(const AlignedNumbers&) = delete;
  AlignedNumbers& operator=(const AlignedNumbers&) = delete;

  double* data() const { return data_; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  double* data_;
};

}  // namespace balse
