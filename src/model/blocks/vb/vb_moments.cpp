#include "model/blocks/vb/vb_moments.hpp"

#include <algorithm>

namespace balse {

void VbMoments::set_covariance(std::size_t r, const double* covariance) {
  const double* const x = mean(r);
  double* const record = record_.data() + r * record_size();
  double* out = record;
  const double* row = covariance;
  for (std::size_t i = 0; i + 1 < n_; out += i + 1, row += i + 1, ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      out[j] = x[i] * x[j] + row[j];
    }
  }
  std::copy_n(x, n_ - 1, out);
  out[n_ - 1] = 1.0;
  std::copy_n(row, n_, record + crosses_at());
}

std::vector<double> VbMoments::covariance(std::size_t r) const {
  const double* const x = mean(r);
  const double* row = record(r);
  std::vector<double> result;
  for (std::size_t i = 0; i + 1 < n_; row += i + 1, ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      result.push_back(row[j] - x[i] * x[j]);
    }
  }
  const double* const crosses = record(r) + crosses_at();
  result.insert(result.end(), crosses, crosses + n_);
  return result;
}

}  // namespace balse
