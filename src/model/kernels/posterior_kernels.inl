// The body of posterior_kernels_*.cpp. Element (i, j) of four matrices is one vector, so that one
// factorisation and one inversion do all four, without a single horizontal operation.

namespace balse::BALSE_KERNEL_NAMESPACE {
namespace {

constexpr std::size_t kLanes = PosteriorKernels::kBatch;

using Vec = double __attribute__((vector_size(8 * kLanes), may_alias));
using UnalignedVec = double __attribute__((vector_size(8 * kLanes), aligned(8), may_alias));

constexpr std::size_t kRowsAtOnce = 4;  // independent sums: the adders need not wait for each other

inline const double* at(const double* packed, std::size_t i, std::size_t j) {
  return packed + (i * (i + 1) / 2 + j) * kLanes;
}
inline double* at(double* packed, std::size_t i, std::size_t j) {
  return packed + (i * (i + 1) / 2 + j) * kLanes;
}
inline const Vec& vec(const double* p) {
  return *reinterpret_cast<const Vec*>(p);
}
inline Vec& vec(double* p) {
  return *reinterpret_cast<Vec*>(p);
}

void add(std::size_t count, double weight, const double* from, double* to) {
  const Vec factor = weight - Vec{};
  std::size_t k = 0;
  for (; k + kLanes <= count; k += kLanes) {
    *reinterpret_cast<UnalignedVec*>(to + k) +=
        factor * *reinterpret_cast<const UnalignedVec*>(from + k);
  }
  for (; k < count; ++k) {
    to[k] += weight * from[k];
  }
}

void add_squares(std::size_t n, std::size_t count, const double* rows, double* packed) {
  // Four rows at a time: the triangle is read and written once for all of them.
  std::size_t r = 0;
  for (; r + 4 <= count; r += 4) {
    const double* const a = rows + r * n;
    const double* const b = a + n;
    const double* const c = b + n;
    const double* const d = c + n;
    double* out = packed;
    for (std::size_t i = 0; i < n; out += i + 1, ++i) {
      const Vec ai = a[i] - Vec{};
      const Vec bi = b[i] - Vec{};
      const Vec ci = c[i] - Vec{};
      const Vec di = d[i] - Vec{};
      std::size_t j = 0;
      for (; j + kLanes <= i + 1; j += kLanes) {
        *reinterpret_cast<UnalignedVec*>(out + j) +=
            (ai * *reinterpret_cast<const UnalignedVec*>(a + j) +
             bi * *reinterpret_cast<const UnalignedVec*>(b + j)) +
            (ci * *reinterpret_cast<const UnalignedVec*>(c + j) +
             di * *reinterpret_cast<const UnalignedVec*>(d + j));
      }
      for (; j <= i; ++j) {
        out[j] += (a[i] * a[j] + b[i] * b[j]) + (c[i] * c[j] + d[i] * d[j]);
      }
    }
  }
  for (; r < count; ++r) {
    const double* const a = rows + r * n;
    double* out = packed;
    for (std::size_t i = 0; i < n; out += i + 1, ++i) {
      add(i + 1, a[i], a, out);
    }
  }
}

// The Cholesky factor L in place, L L' = A, with 1 / L_jj on the diagonal.
void factorise(std::size_t n, double* packed) {
  for (std::size_t j = 0; j < n; ++j) {
    const double* const row = at(packed, j, 0);
    Vec pivot = vec(at(packed, j, j));
    for (std::size_t k = 0; k < j; ++k) {
      pivot -= vec(row + k * kLanes) * vec(row + k * kLanes);
    }
    Vec inverse;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      inverse[lane] = 1.0 / __builtin_sqrt(pivot[lane]);
    }
    vec(at(packed, j, j)) = inverse;
    std::size_t i = j + 1;
    for (; i + kRowsAtOnce <= n; i += kRowsAtOnce) {
      const double* rows[kRowsAtOnce];
      Vec sum[kRowsAtOnce];
      for (std::size_t t = 0; t < kRowsAtOnce; ++t) {
        rows[t] = at(packed, i + t, 0);
        sum[t] = vec(rows[t] + j * kLanes);
      }
      for (std::size_t k = 0; k < j; ++k) {
        const Vec right = vec(row + k * kLanes);
        for (std::size_t t = 0; t < kRowsAtOnce; ++t) {
          sum[t] -= vec(rows[t] + k * kLanes) * right;
        }
      }
      for (std::size_t t = 0; t < kRowsAtOnce; ++t) {
        vec(at(packed, i + t, j)) = sum[t] * inverse;
      }
    }
    for (; i < n; ++i) {
      const double* const left = at(packed, i, 0);
      Vec sum = vec(left + j * kLanes);
      for (std::size_t k = 0; k < j; ++k) {
        sum -= vec(left + k * kLanes) * vec(row + k * kLanes);
      }
      vec(at(packed, i, j)) = sum * inverse;
    }
  }
}

// out = L^-1 as the rows of its transpose: row j of the packed upper triangle holds column j of
// L^-1, so that what is summed over lies side by side.
inline std::size_t column_start(std::size_t j, std::size_t n) {
  return (j * n - j * (j - 1) / 2) * kLanes;
}

void invert_factor(std::size_t n, const double* factor, double* out) {
  for (std::size_t j = 0; j < n; ++j) {
    double* const column = out + column_start(j, n);  // element i at (i - j)
    vec(column) = vec(at(factor, j, j));
  }
  for (std::size_t i = 1; i < n; ++i) {
    const double* const row = at(factor, i, 0);
    const Vec inverse = vec(row + i * kLanes);
    std::size_t j = 0;
    for (; j + kRowsAtOnce <= i; j += kRowsAtOnce) {
      double* columns[kRowsAtOnce];
      Vec sum[kRowsAtOnce];
      for (std::size_t t = 0; t < kRowsAtOnce; ++t) {
        columns[t] = out + column_start(j + t, n) - (j + t) * kLanes;
        sum[t] = Vec{};
        for (std::size_t k = j + t; k < j + kRowsAtOnce; ++k) {
          sum[t] += vec(row + k * kLanes) * vec(columns[t] + k * kLanes);
        }
      }
      for (std::size_t k = j + kRowsAtOnce; k < i; ++k) {
        const Vec left = vec(row + k * kLanes);
        for (std::size_t t = 0; t < kRowsAtOnce; ++t) {
          sum[t] += left * vec(columns[t] + k * kLanes);
        }
      }
      for (std::size_t t = 0; t < kRowsAtOnce; ++t) {
        vec(columns[t] + i * kLanes) = -sum[t] * inverse;
      }
    }
    for (; j < i; ++j) {
      double* const column = out + column_start(j, n) - j * kLanes;
      Vec sum = Vec{};
      for (std::size_t k = j; k < i; ++k) {
        sum += vec(row + k * kLanes) * vec(column + k * kLanes);
      }
      vec(column + i * kLanes) = -sum * inverse;
    }
  }
}

// packed = (L^-1)' L^-1: element (i, j) is the sum over k >= i of the columns i and j of L^-1.
void multiply_inverses(std::size_t n, const double* inverse, double* packed) {
  for (std::size_t i = 0; i < n; ++i) {
    const double* const left = inverse + column_start(i, n) - i * kLanes;
    std::size_t j = 0;
    for (; j + kRowsAtOnce <= i + 1; j += kRowsAtOnce) {
      const double* columns[kRowsAtOnce];
      Vec sum[kRowsAtOnce];
      for (std::size_t t = 0; t < kRowsAtOnce; ++t) {
        columns[t] = inverse + column_start(j + t, n) - (j + t) * kLanes;
        sum[t] = Vec{};
      }
      for (std::size_t k = i; k < n; ++k) {
        const Vec common = vec(left + k * kLanes);
        for (std::size_t t = 0; t < kRowsAtOnce; ++t) {
          sum[t] += common * vec(columns[t] + k * kLanes);
        }
      }
      for (std::size_t t = 0; t < kRowsAtOnce; ++t) {
        vec(at(packed, i, j + t)) = sum[t];
      }
    }
    for (; j <= i; ++j) {
      const double* const right = inverse + column_start(j, n) - j * kLanes;
      Vec sum = Vec{};
      for (std::size_t k = i; k < n; ++k) {
        sum += vec(left + k * kLanes) * vec(right + k * kLanes);
      }
      vec(at(packed, i, j)) = sum;
    }
  }
}

void invert(std::size_t n, double* packed, double* workspace) {
  factorise(n, packed);
  invert_factor(n, packed, workspace);
  multiply_inverses(n, workspace, packed);
}

}  // namespace

const PosteriorKernels& table() {
  static constexpr PosteriorKernels kKernels = {add, add_squares, invert};
  return kKernels;
}

}  // namespace balse::BALSE_KERNEL_NAMESPACE
