#include <algorithm>

#include <Eigen/Core>

#include "balse/model/derived_features.hpp"

#include "model/features/leading_eigenvectors.hpp"

namespace balse {
namespace {

/// The tags' covariance over the items that have tags, times their number; its lower triangle.
Eigen::MatrixXd scatter_of(const TagMatrix& tags) {
  const auto n = static_cast<Eigen::Index>(tags.tag_count);
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(n, n);
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(n);
  double items = 0.0;
  for (std::size_t item = 0; item < tags.items(); ++item) {
    const auto indices = tags.tags_of(item);
    const auto weights = tags.weights_of(item);
    items += indices.empty() ? 0.0 : 1.0;
    for (std::size_t a = 0; a < indices.size(); ++a) {
      sum[indices[a]] += weights[a];
      for (std::size_t b = 0; b <= a; ++b) {  // indices ascend: the lower triangle
        covariance(indices[a], indices[b]) += double{weights[a]} * double{weights[b]};
      }
    }
  }
  if (items > 0.0) {
    covariance -= sum * sum.transpose() / items;
  }
  return covariance;
}

/// The same matrix times another one, tag by tag of every item, whatever the number of tags.
class ScatterProduct {
 public:
  explicit ScatterProduct(const TagMatrix& tags)
      : tags_(tags),
        sum_(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(tags.tag_count))),
        items_(std::max(1.0, static_cast<double>(rows_with_tags(tags)))) {
    for (std::size_t k = 0; k < tags.tag.size(); ++k) {
      sum_[tags.tag[k]] += tags.weight[k];
    }
  }

  RowMatrix operator()(const RowMatrix& right) const {
    RowMatrix result = -sum_ / items_ * (sum_.transpose() * right);
    Eigen::RowVectorXd row(right.cols());
    for (std::size_t item = 0; item < tags_.items(); ++item) {
      const auto indices = tags_.tags_of(item);
      const auto weights = tags_.weights_of(item);
      row.setZero();
      for (std::size_t k = 0; k < indices.size(); ++k) {
        row += double{weights[k]} * right.row(indices[k]);
      }
      for (std::size_t k = 0; k < indices.size(); ++k) {
        result.row(indices[k]) += double{weights[k]} * row;
      }
    }
    return result;
  }

 private:
  const TagMatrix& tags_;
  Eigen::VectorXd sum_;
  double items_;
};

/// Tags x count.
Eigen::MatrixXd principal_components(const TagMatrix& tags, std::size_t count) {
  return tags.tag_count <= kDecomposedAsWhole
             ? leading_eigenvectors(scatter_of(tags), count)
             : leading_eigenvectors(tags.tag_count, count, ScatterProduct(tags));
}

}  // namespace

TagComponents tag_components(const TagMatrix& tags, std::size_t limit) {
  TagComponents result;
  result.tags = tags.tag_count;
  result.count = std::min(limit, tags.tag_count);
  result.basis.assign(result.tags * result.count, 0.0);
  if (result.count == result.tags) {
    for (std::size_t tag = 0; tag < result.tags; ++tag) {
      result.basis[tag * result.count + tag] = 1.0;
    }
  } else {
    const Eigen::MatrixXd basis = principal_components(tags, result.count);
    for (std::size_t tag = 0; tag < result.tags; ++tag) {
      for (std::size_t c = 0; c < result.count; ++c) {
        result.basis[tag * result.count + c] =
            basis(static_cast<Eigen::Index>(tag), static_cast<Eigen::Index>(c));
      }
    }
  }
  result.scores.assign(tags.items() * result.count, 0.0);
  for (std::size_t item = 0; item < tags.items(); ++item) {
    const auto indices = tags.tags_of(item);
    const auto weights = tags.weights_of(item);
    double* const out = result.scores.data() + item * result.count;
    for (std::size_t k = 0; k < indices.size(); ++k) {
      const double* const row = result.basis.data() + indices[k] * result.count;
      for (std::size_t c = 0; c < result.count; ++c) {
        out[c] += double{weights[k]} * row[c];
      }
    }
  }
  return result;
}

const TagComponents& DerivedFeatures::components(const TagMatrix& tags, std::size_t limit) {
  const auto known = components_.find(limit);
  return known != components_.end()
             ? known->second
             : components_.emplace(limit, tag_components(tags, limit)).first->second;
}

}  // namespace balse
