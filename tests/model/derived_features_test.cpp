#include "balse/model/derived_features.hpp"

#include <cmath>
#include <vector>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "balse/data/rating_matrix.hpp"
#include "balse/support/random.hpp"

#include "model/random_ratings.hpp"

using namespace balse;
using namespace balse::test;
using Eigen::MatrixXd;

TEST_CASE("the implicit singular vectors are those of the dense matrix", "[features]") {
  const Ratings ratings = random_ratings(60, 40, 700, 3);
  const RatingMatrix matrix = make_rating_matrix(
      ratings, [](std::size_t) { return true; }, 1);
  MatrixXd a = MatrixXd::Zero(60, 40);
  for (std::size_t row = 0; row < ratings.size(); ++row) {
    const auto u = ratings.user[row];
    const auto j = ratings.item[row];
    const double of_user = std::max<double>(1.0, static_cast<double>(matrix.by_user.count(u)));
    const double of_item = std::max<double>(1.0, static_cast<double>(matrix.by_item.count(j)));
    a(u, j) = 1.0 / std::sqrt(of_user * (of_item + 5.0));
  }
  const Eigen::JacobiSVD<MatrixXd> dense(a, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const ImplicitSvd svd = implicit_svd(matrix, 6, 2);
  REQUIRE(svd.count == 6);
  for (std::size_t k = 0; k < 6; ++k) {
    const auto column = static_cast<Eigen::Index>(k);
    CHECK(svd.singular[k] == Approx(dense.singularValues()[column]).epsilon(1e-8));
    double same_way = 0.0;
    for (std::size_t u = 0; u < 60; ++u) {
      same_way += svd.users[u * 6 + k] * dense.matrixU()(static_cast<Eigen::Index>(u), column);
    }
    CHECK(std::abs(same_way) == Approx(1.0).epsilon(1e-6));
    same_way = 0.0;
    for (std::size_t j = 0; j < 40; ++j) {
      same_way += svd.items[j * 6 + k] * dense.matrixV()(static_cast<Eigen::Index>(j), column);
    }
    CHECK(std::abs(same_way) == Approx(1.0).epsilon(1e-6));
  }
  CHECK(implicit_svd(matrix, 6, 1).users == svd.users);
  CHECK(implicit_svd(matrix, 1000, 1).count == 40);
}

TEST_CASE("few tags are their own components, many have principal ones", "[features]") {
  TagMatrix tags;
  tags.tag_count = 9;
  Random random(4);
  MatrixXd dense = MatrixXd::Zero(50, 9);
  for (Eigen::Index item = 0; item < 49; ++item) {
    for (std::uint32_t tag = 0; tag < 9; ++tag) {
      if (random.uniform() < 0.4) {
        tags.tag.push_back(tag);
        tags.weight.push_back(static_cast<float>(random.uniform()));
        dense(item, tag) = static_cast<double>(tags.weight.back());
      }
    }
    tags.start.push_back(tags.tag.size());
  }
  tags.start.push_back(tags.tag.size());  // without tags
  const TagComponents same = tag_components(tags, 9);
  CHECK(same.count == 9);
  for (Eigen::Index item = 0; item < 50; ++item) {
    for (Eigen::Index tag = 0; tag < 9; ++tag) {
      CHECK(same.scores[static_cast<std::size_t>(item * 9 + tag)] == dense(item, tag));
    }
  }
  const TagComponents few = tag_components(tags, 4);
  REQUIRE(few.count == 4);
  MatrixXd basis(9, 4);
  for (Eigen::Index tag = 0; tag < 9; ++tag) {
    for (Eigen::Index c = 0; c < 4; ++c) {
      basis(tag, c) = few.basis[static_cast<std::size_t>(tag * 4 + c)];
    }
  }
  CHECK((basis.transpose() * basis - MatrixXd::Identity(4, 4)).norm() < 1e-10);
  const MatrixXd tagged = dense.topRows(49);
  const MatrixXd centred = tagged.rowwise() - tagged.colwise().mean();
  const Eigen::JacobiSVD<MatrixXd> svd(centred, Eigen::ComputeThinV);
  for (Eigen::Index c = 0; c < 4; ++c) {
    CHECK((centred * basis.col(c)).norm() == Approx(svd.singularValues()[c]).epsilon(1e-8));
  }
  for (Eigen::Index item = 0; item < 50; ++item) {
    for (Eigen::Index c = 0; c < 4; ++c) {
      CHECK(few.scores[static_cast<std::size_t>(item * 4 + c)] ==
            Approx((dense.row(item) * basis.col(c))(0)).margin(1e-12));
    }
  }
}

// More than are decomposed as a whole: a dozen kinds of items, and what is noise.
TEST_CASE("of thousands of tags the components are those that vary most", "[features]") {
  constexpr std::uint32_t kTags = 1200;
  TagMatrix tags;
  tags.tag_count = kTags;
  Random random(9);
  MatrixXd dense = MatrixXd::Zero(300, kTags);
  for (Eigen::Index item = 0; item < dense.rows(); ++item) {
    const std::uint64_t kind = random.below(12);
    for (std::uint32_t tag = 0; tag < kTags && item % 30 != 0; ++tag) {
      if (random.uniform() < (tag % 40 == kind ? 0.9 - 0.03 * static_cast<double>(kind) : 0.02)) {
        tags.tag.push_back(tag);
        tags.weight.push_back(static_cast<float>(0.5 + 0.5 * random.uniform()));
        dense(item, tag) = static_cast<double>(tags.weight.back());
      }
    }
    tags.start.push_back(tags.tag.size());
  }
  constexpr std::size_t kCount = 10;
  const TagComponents few = tag_components(tags, kCount);
  REQUIRE(few.count == kCount);
  const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>
      basis(few.basis.data(), kTags, kCount);
  CHECK((basis.transpose() * basis - MatrixXd::Identity(kCount, kCount)).norm() < 1e-10);
  MatrixXd centred(290, kTags);
  for (Eigen::Index item = 0, row = 0; item < dense.rows(); ++item) {
    if (item % 30 != 0) {
      centred.row(row++) = dense.row(item);
    }
  }
  centred.rowwise() -= centred.colwise().mean().eval();
  const Eigen::JacobiSVD<MatrixXd> svd(centred, Eigen::ComputeThinV);
  for (Eigen::Index c = 0; c < basis.cols(); ++c) {
    CHECK((centred * basis.col(c)).norm() == Approx(svd.singularValues()[c]).epsilon(1e-4));
  }
  CHECK(tag_components(tags, kCount).basis == few.basis);
}
