#pragma once

#include <cstddef>
#include <cstdint>

#include "model/kernels/instruction_set.hpp"

namespace balse {

/// Where a homotopy is heading: at time t in [0, 1] the correlations are c + t dc and their bound
/// is lambda + t dlambda + slack (slack is infinite for tags that must not enter, otherwise 0).
struct LassoBoundary {
  const double* c;
  const double* dc;
  const double* slack;
  std::size_t size;  ///< a multiple of 8
  double lambda;
  double dlambda;
};

/// The first crossing of the bound, or time unchanged and tag = kNoTag.
struct LassoCrossing {
  static constexpr std::size_t kNoTag = static_cast<std::size_t>(-1);
  double time;
  std::size_t tag;
};

/// A user's tag weights by item: row i holds (tag[k], weight[k]), k in start[i] .. start[i+1]-1.
struct LassoRows {
  const std::uint32_t* start;
  const std::uint32_t* tag;
  const double* weight;
};

/// One rated item's tags on their way into a user's problem.
struct LassoItem {
  const std::uint32_t* tag;  ///< columns of the tag matrix
  const float* weight;
  std::size_t count;
  double rating;      ///< centred
  std::uint32_t row;  ///< its number among the user's items with tags
};

/// Where they go, by rows and by columns.
struct LassoSink {
  const std::uint32_t* local;  ///< the user's number of a column of the tag matrix
  const double* scale;         ///< what the column is multiplied by
  std::uint32_t* row_tag;      ///< of this row
  double* row_weight;          ///< of this row
  std::uint32_t* column_next;  ///< by local tag: where the next element of the column goes
  std::uint32_t* column_row;
  double* column_weight;
  double* moments;  ///< by local tag, four each: sum of w, of w^2, of w rating, nothing
};

/// The hot loops of LASSO, compiled once for each instruction set. Matrices are column-major.
struct LassoKernels {
  /// Sum of x_i y_i.
  double (*dot)(const double* x, const double* y, std::size_t size);

  /// y += sum over k < count of coefficient[k] * (base + offset[k]).
  void (*add_columns)(const double* base, const std::size_t* offset, const double* coefficient,
                      std::size_t count, double* y, std::size_t size);

  /// x := L^-1 x, L lower triangular; `inverse` holds the inverses of its diagonal.
  void (*solve_lower)(const double* lower, std::size_t stride, const double* inverse, double* x,
                      std::size_t size);

  /// x := L^-T x.
  void (*solve_upper)(const double* lower, std::size_t stride, const double* inverse, double* x,
                      std::size_t size);

  /// target := cosine source + sine carry; carry := cosine carry - sine source.
  void (*rotate)(double cosine, double sine, const double* source, double* carry, double* target,
                 std::size_t size);

  /// The first crossing before `time`; ties go to the lowest tag.
  LassoCrossing (*first_crossing)(const LassoBoundary& boundary, double time);

  /// y += sum over k < count of weight[k] * row item[k].
  void (*add_rows)(const LassoRows& rows, const std::uint32_t* item, const double* weight,
                   std::size_t count, double* y);

  /// Puts one item's tags where they belong.
  void (*add_item)(const LassoItem& item, const LassoSink& sink);
};

/// The table for `set`, which the processor must support.
const LassoKernels& lasso_kernels(InstructionSet set);

const LassoKernels& lasso_kernels_baseline();
const LassoKernels& lasso_kernels_avx2();

}  // namespace balse
