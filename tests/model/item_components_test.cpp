#include "balse/model/item_components.hpp"

#include <cmath>
#include <cstdint>
#include <string>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "model/featured_sample.hpp"

using namespace balse;
using namespace balse::test;
using Eigen::MatrixXd;

namespace item_components_test {
namespace {

void check_components(std::uint32_t items, std::size_t columns, double precision) {
  const ItemFeatures features = features_of(items, columns);
  const ItemComponents components(features, numbered_ids(items));
  CHECK(components.items() == features.items.size());
  CHECK(components.features() == columns);
  const auto n = static_cast<Eigen::Index>(features.items.size());
  MatrixXd centred(n, static_cast<Eigen::Index>(columns));
  for (Eigen::Index k = 0; k < centred.size(); ++k) {
    centred(k / centred.cols(), k % centred.cols()) =
        static_cast<double>(features.values[static_cast<std::size_t>(k)]);
  }
  centred.rowwise() -= centred.colwise().mean().eval();
  const Eigen::BDCSVD<MatrixXd> svd(centred, Eigen::ComputeThinU);
  const FeatureMatrix matrix = components.of(numbered_ids(items + 3), 8);
  REQUIRE(matrix.values.size() == 8 * (items + 3));
  const double first = svd.singularValues()[0] / std::sqrt(static_cast<double>(n));
  for (std::size_t c = 0; c < 6; ++c) {
    const auto column = static_cast<Eigen::Index>(c);
    double along = 0.0;
    double squares = 0.0;
    for (std::uint32_t item = 0; item < items + 3; ++item) {
      const double value = matrix.values[item * 8 + c];
      if (const auto row = features.items.find("i" + std::to_string(item))) {
        along += value * svd.matrixU()(*row, column);
        squares += value * value;
      } else {
        CHECK(value == 0.0);
      }
    }
    const double expected = svd.singularValues()[column] / first;  // times sqrt(n) deviations
    CHECK(std::abs(along) == Approx(expected).epsilon(precision));
    CHECK(std::sqrt(squares) == Approx(expected).epsilon(precision));
  }
}

}  // namespace

TEST_CASE("components of features are principal ones, the first of variance 1", "[features]") {
  check_components(40, 5 + 20, 1e-6);
  check_components(90, 1300, 1e-4);  // more than are decomposed as a whole
}

TEST_CASE("features that are all the same, or of one item, are no components", "[features]") {
  ItemFeatures same{.items = numbered_ids(5), .columns = 3, .values = {}};
  for (int k = 0; k < 15; ++k) {
    same.values.push_back(0.1F + static_cast<float>(k % 3));
  }
  CHECK(ItemComponents(same, numbered_ids(5)).count() == 0);
  CHECK(ItemComponents(same, numbered_ids(1)).count() == 0);
  CHECK(ItemComponents(same, numbered_ids(1)).items() == 1);
  same.values[7] = 9.0F;
  CHECK(ItemComponents(same, numbered_ids(5)).count() > 0);
  CHECK(ItemComponents(same, IdIndex()).items() == 0);
}

}  // namespace item_components_test
