#include "balse/model/item_components.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include <Eigen/Core>

#include "model/features/leading_eigenvectors.hpp"

namespace balse {
namespace {

constexpr std::size_t kRowsOfBlock = 256;
constexpr double kAllTheSame = 1e-9;  // a deviation that is roundoff, beside the features' size

/// Centred rows, a block after the other: all at once they would take twice the memory of the
/// features themselves.
class CentredRows {
 public:
  CentredRows(const ItemFeatures& features, std::span<const std::uint32_t> rows,
              const Eigen::RowVectorXd& mean)
      : features_(features), rows_(rows), mean_(mean) {}

  template <typename Use>
  void for_each_block(const Use& use) const {
    RowMatrix block;
    for (std::size_t first = 0; first < rows_.size(); first += kRowsOfBlock) {
      const std::size_t count = std::min(kRowsOfBlock, rows_.size() - first);
      block.resize(static_cast<Eigen::Index>(count), mean_.size());
      for (std::size_t k = 0; k < count; ++k) {
        block.row(static_cast<Eigen::Index>(k)) =
            Eigen::Map<const Eigen::RowVectorXf>(features_.row(rows_[first + k]).data(),
                                                 mean_.size())
                .cast<double>() -
            mean_;
      }
      use(block);
    }
  }

 private:
  const ItemFeatures& features_;
  std::span<const std::uint32_t> rows_;
  const Eigen::RowVectorXd& mean_;
};

Eigen::MatrixXd components_of(const CentredRows& rows, std::size_t columns, std::size_t count) {
  const auto size = static_cast<Eigen::Index>(columns);
  if (columns <= kDecomposedAsWhole) {
    Eigen::MatrixXd scatter = Eigen::MatrixXd::Zero(size, size);
    rows.for_each_block([&](const RowMatrix& block) { scatter += block.transpose() * block; });
    return leading_eigenvectors(scatter, count);
  }
  return leading_eigenvectors(columns, count, [&](const RowMatrix& right) {
    RowMatrix product = RowMatrix::Zero(size, right.cols());
    rows.for_each_block(
        [&](const RowMatrix& block) { product += block.transpose() * (block * right); });
    return product;
  });
}

}  // namespace

ItemComponents::ItemComponents(ItemFeatures features, const IdIndex& items)
    : features_(std::move(features)) {
  for (std::uint32_t item = 0; item < items.size(); ++item) {
    if (const auto row = features_.items.find(items[item])) {
      rows_.push_back(*row);
    }
  }
  if (rows_.size() > 1) {
    learn();
  }
}

void ItemComponents::learn() {
  const auto size = static_cast<Eigen::Index>(features_.columns);
  const auto items = static_cast<double>(rows_.size());
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(size);
  double squares = 0.0;
  const Eigen::RowVectorXd zero = mean;
  CentredRows(features_, rows_, zero).for_each_block([&](const RowMatrix& block) {
    mean += block.colwise().sum() / items;
    squares += block.squaredNorm() / items;
  });
  const CentredRows centred(features_, rows_, mean);
  count_ = std::min({kMost, features_.columns, rows_.size() - 1});
  RowMatrix basis = components_of(centred, features_.columns, count_);
  double variance = 0.0;
  centred.for_each_block(
      [&](const RowMatrix& block) { variance += (block * basis.col(0)).squaredNorm() / items; });
  if (!(std::sqrt(variance) > kAllTheSame * std::sqrt(squares))) {
    count_ = 0;
    return;
  }
  basis /= std::sqrt(variance);
  mean_.assign(mean.data(), mean.data() + mean.size());
  basis_.assign(basis.data(), basis.data() + basis.size());
}

FeatureMatrix ItemComponents::of(const IdIndex& items, std::size_t columns) const {
  FeatureMatrix result{.columns = columns, .values = std::vector<double>(items.size() * columns)};
  const std::size_t known = std::min(columns, count_);
  for (std::uint32_t item = 0; item < items.size() && known > 0; ++item) {
    const auto row = features_.items.find(items[item]);
    if (!row) {
      continue;
    }
    const std::span<const float> features = features_.row(*row);
    double* const out = result.values.data() + item * columns;
    for (std::size_t k = 0; k < features.size(); ++k) {
      const double value = static_cast<double>(features[k]) - mean_[k];
      const double* const basis = basis_.data() + k * count_;
      for (std::size_t c = 0; c < known; ++c) {
        out[c] += value * basis[c];
      }
    }
  }
  return result;
}

}  // namespace balse
