#include "tagging/sample_vit.hpp"

#include <algorithm>
#include <cmath>

namespace balse::test {
namespace {

using Matrix = std::vector<std::vector<double>>;  // rows

Matrix times(const Matrix& rows, const std::vector<float>& weights, std::size_t outputs) {
  Matrix result(rows.size(), std::vector<double>(outputs, 0.0));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t k = 0; k < rows[r].size(); ++k) {
      for (std::size_t c = 0; c < outputs; ++c) {
        result[r][c] += rows[r][k] * static_cast<double>(weights[k * outputs + c]);
      }
    }
  }
  return result;
}

Matrix normalised(const Matrix& rows) {
  Matrix result = rows;
  for (std::vector<double>& row : result) {
    double mean = 0.0;
    double square = 0.0;
    for (const double value : row) {
      mean += value / static_cast<double>(row.size());
    }
    for (const double value : row) {
      square += (value - mean) * (value - mean) / static_cast<double>(row.size());
    }
    for (double& value : row) {
      value = (value - mean) / std::sqrt(square + 1e-6);
    }
  }
  return result;
}

void add(Matrix& to, const Matrix& more) {
  for (std::size_t r = 0; r < to.size(); ++r) {
    for (std::size_t c = 0; c < to[r].size(); ++c) {
      to[r][c] += more[r][c];
    }
  }
}

/// Softmax(Q K' / sqrt(depth)) V of each head.
Matrix attended(const Matrix& query, const Matrix& key, const Matrix& value, std::size_t heads) {
  const std::size_t depth = query[0].size() / heads;
  Matrix result(query.size(), std::vector<double>(query[0].size(), 0.0));
  for (std::size_t head = 0; head < heads; ++head) {
    const std::size_t begin = head * depth;
    for (std::size_t r = 0; r < query.size(); ++r) {
      std::vector<double> weights(key.size(), 0.0);
      for (std::size_t k = 0; k < key.size(); ++k) {
        for (std::size_t d = begin; d < begin + depth; ++d) {
          weights[k] += query[r][d] * key[k][d] / std::sqrt(static_cast<double>(depth));
        }
      }
      const double largest = *std::max_element(weights.begin(), weights.end());
      double sum = 0.0;
      for (double& weight : weights) {
        weight = std::exp(weight - largest);
        sum += weight;
      }
      for (std::size_t k = 0; k < key.size(); ++k) {
        for (std::size_t d = begin; d < begin + depth; ++d) {
          result[r][d] += weights[k] / sum * value[k][d];
        }
      }
    }
  }
  return result;
}

}  // namespace

std::vector<double> SampleVit::run(const float* pixels, std::vector<double>* features) const {
  const auto w = static_cast<std::size_t>(width);
  const auto p = static_cast<std::size_t>(patch);
  const auto line = static_cast<std::size_t>(side);
  Matrix x;
  for (std::size_t top = 0; top < line; top += p) {
    for (std::size_t left = 0; left < line; left += p) {
      std::vector<double>& row = x.emplace_back(w, 0.0);
      for (std::size_t c = 0; c < w; ++c) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
          for (std::size_t dy = 0; dy < p; ++dy) {
            for (std::size_t dx = 0; dx < p; ++dx) {
              row[c] += static_cast<double>(patches[((c * 3 + channel) * p + dy) * p + dx]) *
                        static_cast<double>(pixels[((top + dy) * line + left + dx) * 3 + channel]);
            }
          }
        }
      }
    }
  }
  for (const Block& block : layers) {
    const Matrix n = normalised(x);
    add(x, times(attended(times(n, block.query, w), times(n, block.key, w),
                          times(n, block.value, w), static_cast<std::size_t>(heads)),
                 block.out, w));
    Matrix wide = times(normalised(x), block.up, 4 * w);
    for (std::vector<double>& row : wide) {
      for (double& value : row) {
        value = value / 2.0 * (1.0 + std::erf(value / std::sqrt(2.0)));
      }
    }
    add(x, times(wide, block.down, w));
  }
  std::vector<double> pooled(w, 0.0);
  for (const std::vector<double>& row : normalised(x)) {
    for (std::size_t c = 0; c < w; ++c) {
      pooled[c] += row[c] / static_cast<double>(x.size());
    }
  }
  std::vector<double> logits = times({pooled}, head, static_cast<std::size_t>(tags))[0];
  for (std::size_t tag = 0; tag < logits.size(); ++tag) {
    logits[tag] = 1.0 / (1.0 + std::exp(-(logits[tag] + static_cast<double>(bias[tag]))));
  }
  if (features != nullptr) {
    *features = std::move(pooled);
  }
  return logits;
}

}  // namespace balse::test
