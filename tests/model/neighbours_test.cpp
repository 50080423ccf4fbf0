// Neighbours against the formula written out in double precision, with Eigen's inverse.

#include "balse/model/neighbours.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "balse/data/safetensors.hpp"
#include "balse/model/model_file.hpp"
#include "balse/support/random.hpp"

#include "model/neighbours/tiled_inverse.hpp"
#include "support/sample_model.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Eigen::MatrixXd;

namespace {

/// Users of whom some like the first half of the items, the others the second.
struct MadeUpRatings {
  std::vector<std::uint64_t> start = {0};
  std::vector<std::uint32_t> item;
  MatrixXd x;

  MadeUpRatings(std::uint32_t users, std::uint32_t items)
      : x(MatrixXd::Zero(static_cast<Eigen::Index>(users), static_cast<Eigen::Index>(items))) {
    Random random(7);
    for (std::uint32_t user = 0; user < users; ++user) {
      for (std::uint32_t k = 0; k < items; ++k) {
        const bool liked = (user % 2 == 0) == (k < items / 2);
        const double popular = 1.0 / (1.0 + 0.02 * (k % 50));
        if (random.uniform() < (liked ? 0.3 : 0.05) * popular) {
          item.push_back(k);
          x(user, k) = 1.0;
        }
      }
      start.push_back(item.size());
    }
  }

  RatedRows rows() const { return {.start = start, .item = item}; }
};

/// B of the header, over the columns with at least `least` ratings; the others are zero.
MatrixXd regression(const MatrixXd& x, double lambda, double least) {
  std::vector<Eigen::Index> columns;
  for (Eigen::Index k = 0; k < x.cols(); ++k) {
    if (x.col(k).sum() >= least) {
      columns.push_back(k);
    }
  }
  const MatrixXd some = x(Eigen::all, columns);
  const auto n = some.cols();
  const MatrixXd p = (some.transpose() * some + lambda * MatrixXd::Identity(n, n)).inverse();
  MatrixXd b = MatrixXd::Zero(x.cols(), x.cols());
  for (Eigen::Index j = 0; j < n; ++j) {
    for (Eigen::Index k = 0; k < n; ++k) {
      b(columns[static_cast<std::size_t>(k)], columns[static_cast<std::size_t>(j)]) =
          k == j ? 0.0 : -p(k, j) / p(j, j);
    }
  }
  return b;
}

}  // namespace

TEST_CASE("the tiled inverse is the inverse, on every instruction set and number of threads",
          "[neighbours][kernels]") {
  for (const Eigen::Index n : {1, 95, 96, 97, 300}) {
    Random random(static_cast<std::uint64_t>(n));
    MatrixXd root(n, n + 20);
    for (Eigen::Index k = 0; k < root.size(); ++k) {
      root.data()[k] = random.normal();
    }
    const MatrixXd matrix = root * root.transpose() / double(n) + MatrixXd::Identity(n, n);
    const MatrixXd expected = matrix.inverse();
    for (const InstructionSet set : supported_instruction_sets()) {
      INFO(n << " " << name_of(set));
      const auto inverse = [&](int threads) {
        TiledInverse tiled(static_cast<std::size_t>(n));
        for (Eigen::Index i = 0; i < n; ++i) {
          for (Eigen::Index j = i; j < n; ++j) {
            tiled.at(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) =
                static_cast<float>(matrix(i, j));
          }
        }
        tiled.invert(1.0, set, threads);
        MatrixXd found(n, n);
        for (Eigen::Index i = 0; i < n; ++i) {
          for (Eigen::Index j = i; j < n; ++j) {
            found(i, j) = tiled.at(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
            found(j, i) = found(i, j);
          }
        }
        return found;
      };
      const MatrixXd found = inverse(1);
      CHECK((found - expected).cwiseAbs().maxCoeff() < 1e-5);
      CHECK(inverse(3) == found);
    }
  }
}

TEST_CASE("neighbours are the largest coefficients of the regression on all other items",
          "[neighbours]") {
  constexpr std::uint32_t kItems = 250;
  const MadeUpRatings ratings(400, kItems);
  NeighbourOptions options;
  options.count = 20;
  options.lambda = 30.0;
  options.min_ratings = 25;
  NeighbourSummary summary;
  // Two items more than are rated: new ones.
  const Parameters learned = Neighbours::learn(ratings.rows(), kItems + 2, options, 2, summary);
  const MatrixXd b = regression(ratings.x, options.lambda, options.min_ratings);
  const SparseView weights = learned.sparse(Neighbours::kWeights);
  REQUIRE(weights.rows() == kItems + 2);
  std::size_t with_neighbours = 0;
  for (std::uint32_t j = 0; j < kItems + 2; ++j) {
    const auto index = weights.indices_of(j);
    const auto value = weights.values_of(j);
    if (j >= kItems || ratings.x.col(j).sum() < options.min_ratings) {
      CHECK(index.empty());
      continue;
    }
    ++with_neighbours;
    REQUIRE(index.size() == 20);
    CHECK(std::is_sorted(index.begin(), index.end()));
    std::vector<double> all(b.col(j).data(), b.col(j).data() + kItems);
    std::nth_element(all.begin(), all.begin() + 19, all.end(), std::greater<>());
    for (std::size_t k = 0; k < index.size(); ++k) {
      CHECK(value[k] == Approx(b(index[k], j)).margin(1e-5));
      CHECK(value[k] > all[19] - 1e-5);
    }
  }
  CHECK(with_neighbours > 50);
  CHECK(with_neighbours < kItems);
  CHECK(summary.items == with_neighbours);
  CHECK(summary.sentence().starts_with("of " + std::to_string(with_neighbours) + " items"));
}

TEST_CASE("the most rated items are taken where there are too many", "[neighbours]") {
  const MadeUpRatings ratings(100, 60);
  NeighbourOptions options;
  options.min_ratings = 1;
  options.max_items = 10;
  NeighbourSummary summary;
  const Parameters learned = Neighbours::learn(ratings.rows(), 60, options, 1, summary);
  CHECK(summary.items == 10);
  const SparseView weights = learned.sparse(Neighbours::kWeights);
  double fewest = 1e9;
  double most = 0.0;
  for (std::uint32_t j = 0; j < 60; ++j) {
    const double count = ratings.x.col(j).sum();
    if (weights.indices_of(j).empty()) {
      most = std::max(most, count);
    } else {
      CHECK(weights.indices_of(j).size() == 9);
      fewest = std::min(fewest, count);
    }
  }
  CHECK(fewest >= most);
  options.count = 0;
  CHECK(Neighbours::learn(ratings.rows(), 60, options, 1, summary).empty());
}

TEST_CASE("neighbours are part of a model file, and optional", "[neighbours][model-file]") {
  const TemporaryFolder folder;
  SampleModel sample;
  sample.write(folder.path("without"));
  CHECK(ModelFile(folder.path("without")).model().neighbours.empty());
  NeighbourOptions options;
  options.min_ratings = 5;
  options.count = 4;
  sample.fitted->learn_neighbours(options, 1);
  sample.write(folder.path("with"));
  const ModelFile file(folder.path("with"));
  const auto numbers = [](const TrainedModel& model) {
    const SparseView view = model.neighbours.sparse(Neighbours::kWeights);
    std::vector<double> all(view.start.begin(), view.start.end());
    all.insert(all.end(), view.index.begin(), view.index.end());
    all.insert(all.end(), view.value.begin(), view.value.end());
    return all;
  };
  CHECK(numbers(file.model()) == numbers(sample.model()));
  CHECK(numbers(file.model()).size() > 200);
  CHECK(Neighbours::describe(file.model().neighbours)[0].value ==
        double(sample.fitted->neighbour_summary().items));
  CHECK(Neighbours::describe(file.model().neighbours)[1].value == 4.0);
}

TEST_CASE("a file whose neighbours are no items is refused", "[neighbours][model-file]") {
  const TemporaryFolder folder;
  const std::vector<std::uint64_t> start = {0, 1, 2};
  const std::vector<double> weight = {0.5, 0.25};
  for (const std::uint32_t last : {1U, 2U}) {
    const std::vector<std::uint32_t> index = {1, last};
    SafetensorsWriter writer;
    writer.add("neighbours.start", std::span(start));
    writer.add("neighbours.item", std::span(index));
    writer.add("neighbours.weight", std::span(weight));
    AtomicFile file(folder.path("file"));
    writer.write(file);
    file.commit();
    const SafetensorsReader reader(folder.path("file"));
    const auto map = [&] {
      return Parameters::map(reader, std::span(&Neighbours::kWeights, 1),
                             {.users = 9, .items = 2, .tags = 9});
    };
    if (last == 1) {
      CHECK(map().sparse(Neighbours::kWeights).value[1] == 0.25);
    } else {
      CHECK_THROWS_WITH(map(), Catch::Matchers::Contains("neighbours.item"));
    }
  }
}

TEST_CASE("neighbours are renumbered on both sides", "[neighbours]") {
  Parameters old;
  old.add(Neighbours::kWeights, {0, 2, 3, 3}, {1, 2, 0}, {0.5, 0.25, 0.75});
  // Today: a new item, then items 1 and 0 of old; item 2 is gone.
  const Renumbering renumbering = {.user = {}, .item = {Renumbering::kNew, 1, 0}, .tag = {0}};
  const Parameters renumbered = old.renumbered(renumbering, Parameters());
  const SparseView today = renumbered.sparse(Neighbours::kWeights);
  REQUIRE(today.rows() == 3);
  CHECK(today.indices_of(0).empty());
  REQUIRE(today.indices_of(1).size() == 1);
  CHECK(today.indices_of(1)[0] == 2);
  CHECK(today.values_of(1)[0] == 0.75);
  REQUIRE(today.indices_of(2).size() == 1);
  CHECK(today.indices_of(2)[0] == 1);
  CHECK(today.values_of(2)[0] == 0.5);
}
