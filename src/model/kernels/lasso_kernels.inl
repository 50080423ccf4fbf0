// The hot loops of LASSO; included by one file for each instruction set, which defines
// BALSE_LASSO_TABLE. No calls of inline functions of the standard library here (see
// instruction_set.hpp).

#include "model/kernels/lasso_kernels.hpp"

namespace balse {
namespace {

// Four doubles at a time at any address of a double; the compiler splits them for SSE2.
typedef double Vec __attribute__((vector_size(32)));                              // NOLINT
typedef double LooseVec __attribute__((vector_size(32), aligned(8), may_alias));  // NOLINT
typedef long long Mask __attribute__((vector_size(32)));                          // NOLINT

#define BALSE_LOAD(address) (*reinterpret_cast<const LooseVec*>(address))
#define BALSE_STORE(address, value) (*reinterpret_cast<LooseVec*>(address) = (value))

double dot(const double* x, const double* y, std::size_t size) {
  Vec first = {};
  Vec second = {};
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    first += BALSE_LOAD(x + i) * BALSE_LOAD(y + i);
    second += BALSE_LOAD(x + i + 4) * BALSE_LOAD(y + i + 4);
  }
  first += second;
  double sum = (first[0] + first[1]) + (first[2] + first[3]);
  for (; i < size; ++i) {
    sum += x[i] * y[i];
  }
  return sum;
}

void add_one(const double* x, double a, double* y, std::size_t size) {
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    BALSE_STORE(y + i, BALSE_LOAD(y + i) + a * BALSE_LOAD(x + i));
  }
  for (; i < size; ++i) {
    y[i] += a * x[i];
  }
}

// Four columns with their coefficients.
struct Four {
  const double* x[4];
  double a[4];
};

void add_four(const Four& f, double* y, std::size_t size) {
  const double* x0 = f.x[0];
  const double* x1 = f.x[1];
  const double* x2 = f.x[2];
  const double* x3 = f.x[3];
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    const Vec left = f.a[0] * BALSE_LOAD(x0 + i) + f.a[1] * BALSE_LOAD(x1 + i);
    const Vec right = f.a[2] * BALSE_LOAD(x2 + i) + f.a[3] * BALSE_LOAD(x3 + i);
    BALSE_STORE(y + i, BALSE_LOAD(y + i) + left + right);
  }
  for (; i < size; ++i) {
    y[i] += f.a[0] * x0[i] + f.a[1] * x1[i] + f.a[2] * x2[i] + f.a[3] * x3[i];
  }
}

// Eight columns a pass: y is loaded and stored once for eight multiplications.
void add_eight(const Four& f, const Four& g, double* y, std::size_t size) {
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    Vec left = BALSE_LOAD(y + i);
    left += f.a[0] * BALSE_LOAD(f.x[0] + i);
    Vec right = g.a[0] * BALSE_LOAD(g.x[0] + i);
    left += f.a[1] * BALSE_LOAD(f.x[1] + i);
    right += g.a[1] * BALSE_LOAD(g.x[1] + i);
    left += f.a[2] * BALSE_LOAD(f.x[2] + i);
    right += g.a[2] * BALSE_LOAD(g.x[2] + i);
    left += f.a[3] * BALSE_LOAD(f.x[3] + i);
    right += g.a[3] * BALSE_LOAD(g.x[3] + i);
    BALSE_STORE(y + i, left + right);
  }
  for (; i < size; ++i) {
    for (int k = 0; k < 4; ++k) {
      y[i] += f.a[k] * f.x[k][i] + g.a[k] * g.x[k][i];
    }
  }
}

Four four_of(const double* base, const std::size_t* offset, const double* coefficient) {
  return {{base + offset[0], base + offset[1], base + offset[2], base + offset[3]},
          {coefficient[0], coefficient[1], coefficient[2], coefficient[3]}};
}

void add_columns(const double* base, const std::size_t* offset, const double* coefficient,
                 std::size_t count, double* y, std::size_t size) {
  std::size_t k = 0;
  for (; k + 8 <= count; k += 8) {
    add_eight(four_of(base, offset + k, coefficient + k),
              four_of(base, offset + k + 4, coefficient + k + 4), y, size);
  }
  if (k + 4 <= count) {
    add_four(four_of(base, offset + k, coefficient + k), y, size);
    k += 4;
  }
  for (; k < count; ++k) {
    add_one(base + offset[k], coefficient[k], y, size);
  }
}

// Four columns of L at a time: a 4 x 4 triangle, then one pass over what is below it.
void solve_lower(const double* lower, std::size_t stride, const double* inverse, double* x,
                 std::size_t size) {
  std::size_t j = 0;
  for (; j + 4 <= size; j += 4) {
    const double* c0 = lower + j * stride + j;
    const double* c1 = c0 + stride;
    const double* c2 = c1 + stride;
    const double* c3 = c2 + stride;
    const double x0 = x[j] * inverse[j];
    const double x1 = (x[j + 1] - c0[1] * x0) * inverse[j + 1];
    const double x2 = (x[j + 2] - c0[2] * x0 - c1[2] * x1) * inverse[j + 2];
    const double x3 = (x[j + 3] - c0[3] * x0 - c1[3] * x1 - c2[3] * x2) * inverse[j + 3];
    x[j] = x0;
    x[j + 1] = x1;
    x[j + 2] = x2;
    x[j + 3] = x3;
    add_four({{c0 + 4, c1 + 4, c2 + 4, c3 + 4}, {-x0, -x1, -x2, -x3}}, x + j + 4, size - j - 4);
  }
  for (; j < size; ++j) {
    x[j] *= inverse[j];
    for (std::size_t i = j + 1; i < size; ++i) {
      x[i] -= lower[j * stride + i] * x[j];
    }
  }
}

// Four columns of L at a time: four dot products with what is below, then a 4 x 4 triangle.
void solve_upper(const double* lower, std::size_t stride, const double* inverse, double* x,
                 std::size_t size) {
  std::size_t j = size;
  for (; j % 4 != 0; --j) {
    const double* column = lower + (j - 1) * stride;
    x[j - 1] = (x[j - 1] - dot(column + j, x + j, size - j)) * inverse[j - 1];
  }
  for (; j > 0; j -= 4) {
    const double* c0 = lower + (j - 4) * stride + j;
    const double* c1 = c0 + stride;
    const double* c2 = c1 + stride;
    const double* c3 = c2 + stride;
    Vec s0 = {};
    Vec s1 = {};
    Vec s2 = {};
    Vec s3 = {};
    std::size_t i = j;
    for (; i + 4 <= size; i += 4) {
      const Vec below = BALSE_LOAD(x + i);
      s0 += below * BALSE_LOAD(c0 + (i - j));
      s1 += below * BALSE_LOAD(c1 + (i - j));
      s2 += below * BALSE_LOAD(c2 + (i - j));
      s3 += below * BALSE_LOAD(c3 + (i - j));
    }
    double d0 = (s0[0] + s0[1]) + (s0[2] + s0[3]);
    double d1 = (s1[0] + s1[1]) + (s1[2] + s1[3]);
    double d2 = (s2[0] + s2[1]) + (s2[2] + s2[3]);
    double d3 = (s3[0] + s3[1]) + (s3[2] + s3[3]);
    for (; i < size; ++i) {
      d0 += x[i] * c0[i - j];
      d1 += x[i] * c1[i - j];
      d2 += x[i] * c2[i - j];
      d3 += x[i] * c3[i - j];
    }
    const double x3 = (x[j - 1] - d3) * inverse[j - 1];
    const double x2 = (x[j - 2] - d2 - c2[-1] * x3) * inverse[j - 2];
    const double x1 = (x[j - 3] - d1 - c1[-2] * x2 - c1[-1] * x3) * inverse[j - 3];
    const double x0 = (x[j - 4] - d0 - c0[-3] * x1 - c0[-2] * x2 - c0[-1] * x3) * inverse[j - 4];
    x[j - 1] = x3;
    x[j - 2] = x2;
    x[j - 3] = x1;
    x[j - 4] = x0;
  }
}

void rotate(double cosine, double sine, const double* source, double* carry, double* target,
            std::size_t size) {
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    const Vec s = BALSE_LOAD(source + i);
    const Vec c = BALSE_LOAD(carry + i);
    BALSE_STORE(target + i, cosine * s + sine * c);
    BALSE_STORE(carry + i, cosine * c - sine * s);
  }
  for (; i < size; ++i) {
    const double s = source[i];
    const double c = carry[i];
    target[i] = cosine * s + sine * c;
    carry[i] = cosine * c - sine * s;
  }
}

// Looks at one tag: does it cross the bound before crossing.time?
void look_at(const LassoBoundary& b, std::size_t tag, LassoCrossing& crossing) {
  const double end = b.c[tag] + crossing.time * b.dc[tag];
  const double sign = end < 0 ? -1.0 : 1.0;
  if (!(sign * end > b.lambda + crossing.time * b.dlambda + b.slack[tag])) {
    return;
  }
  const double speed = sign * b.dc[tag] - b.dlambda;  // at which it gains on the bound
  const double distance = b.lambda - sign * b.c[tag];
  if (speed > 0) {
    const double time = distance > 0 ? distance / speed : 0.0;
    if (time < crossing.time) {
      crossing = {time, tag};
    }
  }
}

bool any(const Mask& mask) {
#ifdef __AVX__
  return __builtin_ia32_movmskpd256(reinterpret_cast<Vec>(mask)) != 0;
#else
  return (mask[0] | mask[1] | mask[2] | mask[3]) != 0;
#endif
}

// A correlation that is inside at 0 and at the best time found so far cannot cross in between, so
// nearly all tags cost a multiplication and a comparison, and divisions are rare.
LassoCrossing first_crossing(const LassoBoundary& b, double time) {
  LassoCrossing crossing = {time, LassoCrossing::kNoTag};
  for (std::size_t i = 0; i < b.size; i += 8) {
    const double bound = b.lambda + crossing.time * b.dlambda;
    Mask outside = {};
    for (std::size_t k = i; k < i + 8; k += 4) {
      const Vec end = BALSE_LOAD(b.c + k) + crossing.time * BALSE_LOAD(b.dc + k);
      const Vec limit = BALSE_LOAD(b.slack + k) + bound;
      outside |= (end > limit) | (-end > limit);
    }
    if (any(outside)) {
      for (std::size_t k = i; k < i + 8; ++k) {
        look_at(b, k, crossing);
      }
    }
  }
  return crossing;
}

void add_rows(const LassoRows& rows, const std::uint32_t* item, const double* weight,
              std::size_t count, double* y) {
  for (std::size_t k = 0; k < count; ++k) {
    const double a = weight[k];
    const std::uint32_t end = rows.start[item[k] + 1];
    for (std::uint32_t j = rows.start[item[k]]; j < end; ++j) {
      y[rows.tag[j]] += a * rows.weight[j];
    }
  }
}

// The pointers are copied and promised not to overlap; otherwise each would be loaded again after
// every store.
void add_item(const LassoItem& item, const LassoSink& sink) {
  const std::uint32_t* __restrict tags = item.tag;
  const float* __restrict weights = item.weight;
  const std::uint32_t* __restrict local = sink.local;
  const double* __restrict scale = sink.scale;
  std::uint32_t* __restrict row_tag = sink.row_tag;
  double* __restrict row_weight = sink.row_weight;
  std::uint32_t* __restrict column_next = sink.column_next;
  std::uint32_t* __restrict column_row = sink.column_row;
  double* __restrict column_weight = sink.column_weight;
  double* __restrict moments = sink.moments;
  const std::uint32_t row = item.row;
  const Vec ones_and_rating = {1.0, 0.0, item.rating, 0.0};
  const Vec second = {0.0, 1.0, 0.0, 0.0};
  const std::size_t count = item.count;
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint32_t tag = local[tags[k]];
    const double weight = weights[k] * scale[tags[k]];
    const std::uint32_t place = column_next[tag]++;
    row_tag[k] = tag;
    row_weight[k] = weight;
    column_row[place] = row;
    column_weight[place] = weight;
    double* at = moments + 4 * static_cast<std::size_t>(tag);
    BALSE_STORE(at, BALSE_LOAD(at) + weight * (ones_and_rating + weight * second));
  }
}

#undef BALSE_LOAD
#undef BALSE_STORE

}  // namespace

const LassoKernels& BALSE_LASSO_TABLE() {
  static constexpr LassoKernels kTable = {dot,    add_columns,    solve_lower, solve_upper,
                                          rotate, first_crossing, add_rows,    add_item};
  return kTable;
}

}  // namespace balse
