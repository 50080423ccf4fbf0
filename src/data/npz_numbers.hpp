#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/npz_archive.hpp"

namespace balse {

/// The numbers of an array of an archive, one after another. T is std::int64_t
/// (integers or booleans of any width and sign; what int64 cannot hold is an error) or float
/// (floating point as well; what float cannot hold is infinity).
template <typename T>
class NpzNumbers {
 public:
  /// With two dimensions, row after row.
  NpzNumbers(const NpzArchive& archive, const std::string& name, std::size_t dimensions = 1);

  std::uint64_t size() const { return stream_.size(); }        ///< with two dimensions, rows
  std::uint64_t columns() const { return stream_.columns(); }  ///< 1 but with two dimensions

  /// To be called size() * columns() times at most.
  T next() {
    if (at_ == values_.size()) {
      fill();
    }
    return values_[at_++];
  }

 private:
  using Convert = void (*)(const NpyStream& stream, std::string_view bytes, std::vector<T>& values);

  static Convert converter_of(const NpyStream& stream);
  void fill();

  NpyStream stream_;
  Convert convert_;
  std::vector<T> values_;
  std::size_t at_ = 0;
};

extern template class NpzNumbers<std::int64_t>;
extern template class NpzNumbers<float>;

}  // namespace balse
