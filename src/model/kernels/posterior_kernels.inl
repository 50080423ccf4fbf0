// The body of posterior_kernels_*.cpp. Element (i, j) of four matrices is one vector, so that one
// factorisation and one inversion do all four, without a single horizontal operation.

// Without AVX such vectors are not passed as with it; nothing here is called from another unit.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpsabi"

namespace balse::BALSE_KERNEL_NAMESPACE {
namespace {

constexpr std::size_t kLanes = PosteriorKernels::kBatch;

using Vec = double __attribute__((vector_size(8 * kLanes), may_alias));

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

// Of any address; Clang forgets that a vector type is aligned to 8 where it is added to in place.
inline Vec load(const double* p) {
  Vec v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
inline void store(double* p, const Vec& v) {
  __builtin_memcpy(p, &v, sizeof v);
}

inline void add(std::size_t count, double weight, const double* from, double* to) {
  const Vec factor = weight - Vec{};
  std::size_t k = 0;
  for (; k + kLanes <= count; k += kLanes) {
    store(to + k, load(to + k) + (factor * load(from + k)));
  }
  for (; k < count; ++k) {
    to[k] += weight * from[k];
  }
}

void add_rows(std::size_t count, std::size_t rows, const double* const* from, const double* weights,
              double* to) {
  // Four rows at a time: the sum is read and written once for all of them.
  std::size_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const double* const a = from[r];
    const double* const b = from[r + 1];
    const double* const c = from[r + 2];
    const double* const d = from[r + 3];
    const Vec wa = weights[r] - Vec{};
    const Vec wb = weights[r + 1] - Vec{};
    const Vec wc = weights[r + 2] - Vec{};
    const Vec wd = weights[r + 3] - Vec{};
    const bool more = r + 8 <= rows;
    std::size_t k = 0;
    for (; k + kLanes <= count; k += kLanes) {
      if (more && k % 8 == 0) {
        // The next four are on their way: rows lie anywhere, and the processor's own prefetching
        // has to learn each of them anew.
        for (std::size_t next = r + 4; next < r + 8; ++next) {
          __builtin_prefetch(from[next] + k);
        }
      }
      store(to + k, load(to + k) + ((wa * load(a + k) + wb * load(b + k)) +
                                    (wc * load(c + k) + wd * load(d + k))));
    }
    for (; k < count; ++k) {
      to[k] += (weights[r] * a[k] + weights[r + 1] * b[k]) +
               (weights[r + 2] * c[k] + weights[r + 3] * d[k]);
    }
  }
  for (; r < rows; ++r) {
    add(count, weights[r], from[r], to);
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
        store(out + j, load(out + j) + ((ai * load(a + j) + bi * load(b + j)) +
                                        (ci * load(c + j) + di * load(d + j))));
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

// Columns of four rows of four become rows.
inline void transpose(Vec& a, Vec& b, Vec& c, Vec& d) {
  const Vec even_ab = __builtin_shufflevector(a, b, 0, 4, 2, 6);
  const Vec odd_ab = __builtin_shufflevector(a, b, 1, 5, 3, 7);
  const Vec even_cd = __builtin_shufflevector(c, d, 0, 4, 2, 6);
  const Vec odd_cd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
  a = __builtin_shufflevector(even_ab, even_cd, 0, 1, 4, 5);
  b = __builtin_shufflevector(odd_ab, odd_cd, 0, 1, 4, 5);
  c = __builtin_shufflevector(even_ab, even_cd, 2, 3, 6, 7);
  d = __builtin_shufflevector(odd_ab, odd_cd, 2, 3, 6, 7);
}

void interleave(std::size_t count, const double* start, const double* scales,
                const double* const* from, double* to) {
  std::size_t k = 0;
  for (; k + kLanes <= count; k += kLanes) {
    const Vec first = load(start + k);
    Vec a = first + scales[0] * load(from[0] + k);
    Vec b = first + scales[1] * load(from[1] + k);
    Vec c = first + scales[2] * load(from[2] + k);
    Vec d = first + scales[3] * load(from[3] + k);
    transpose(a, b, c, d);
    vec(to + k * kLanes) = a;
    vec(to + (k + 1) * kLanes) = b;
    vec(to + (k + 2) * kLanes) = c;
    vec(to + (k + 3) * kLanes) = d;
  }
  for (; k < count; ++k) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      to[k * kLanes + lane] = start[k] + scales[lane] * from[lane][k];
    }
  }
}

void separate(std::size_t count, const double* from, double* to) {
  std::size_t k = 0;
  for (; k + kLanes <= count; k += kLanes) {
    Vec a = vec(from + k * kLanes);
    Vec b = vec(from + (k + 1) * kLanes);
    Vec c = vec(from + (k + 2) * kLanes);
    Vec d = vec(from + (k + 3) * kLanes);
    transpose(a, b, c, d);
    store(to + k, a);
    store(to + count + k, b);
    store(to + 2 * count + k, c);
    store(to + 3 * count + k, d);
  }
  for (; k < count; ++k) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      to[lane * count + k] = from[k * kLanes + lane];
    }
  }
}

inline double sum_of(const Vec& v) {
  return (v[0] + v[1]) + (v[2] + v[3]);
}

void multiply(std::size_t n, const double* packed, const double* x, double* y) {
  const double* row = packed;
  for (std::size_t i = 0; i < n; row += i + 1, ++i) {
    // The row to the left of the diagonal is also the column above it.
    const Vec xi = x[i] - Vec{};
    Vec sum = Vec{};
    std::size_t j = 0;
    for (; j + kLanes <= i; j += kLanes) {
      const Vec a = load(row + j);
      sum += a * load(x + j);
      store(y + j, load(y + j) + (a * xi));
    }
    double left = sum_of(sum);
    for (; j < i; ++j) {
      left += row[j] * x[j];
      y[j] += row[j] * x[i];
    }
    y[i] = left + row[i] * x[i];
  }
}

double dot(std::size_t count, const double* a, const double* b) {
  Vec even = Vec{};
  Vec odd = Vec{};
  std::size_t k = 0;
  for (; k + 2 * kLanes <= count; k += 2 * kLanes) {
    even += load(a + k) * load(b + k);
    odd += load(a + k + kLanes) * load(b + k + kLanes);
  }
  double sum = sum_of(even + odd);
  for (; k < count; ++k) {
    sum += a[k] * b[k];
  }
  return sum;
}

}  // namespace

const PosteriorKernels& table() {
  static constexpr PosteriorKernels kKernels = {add_rows, add_squares, invert, interleave,
                                                separate, multiply,    dot};
  return kKernels;
}

}  // namespace balse::BALSE_KERNEL_NAMESPACE

#pragma GCC diagnostic pop
