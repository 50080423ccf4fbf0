// Ratings of the part "unused" are as if they were not there.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/evaluation/cross_validation.hpp"
#include "balse/model/fit_record.hpp"
#include "balse/model/fitted_model.hpp"

#include "model/random_ratings.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;

namespace unused_part_test {
namespace {

class OneFold final : public Splits {
 public:
  explicit OneFold(std::vector<Part> parts) : parts_(std::move(parts)) {}
  std::size_t folds() const override { return 1; }
  std::string describe() const override { return "one fold"; }
  std::vector<Part> parts(std::size_t /*fold*/) const override { return parts_; }

 private:
  std::vector<Part> parts_;
};

TagMatrix tags_of(std::size_t items) {
  TagMatrix tags;
  tags.tag_count = 4;
  for (std::size_t item = 0; item < items; ++item) {
    for (std::uint32_t tag = 0; tag < 4; ++tag) {
      if ((item + tag) % 3 == 0) {
        tags.tag.push_back(tag);
        tags.weight.push_back(1.0F);
      }
    }
    tags.start.push_back(tags.tag.size());
  }
  return tags;
}

/// Every fourth rating is not used.
std::vector<Part> some_unused(const Ratings& ratings) {
  std::vector<Part> parts = make_splits({.folds = 4}, ratings)->parts(0);
  for (std::size_t row = 0; row < parts.size(); row += 4) {
    parts[row] = Part::unused;
  }
  return parts;
}

struct Row {
  std::uint32_t user;
  std::uint32_t item;
  std::uint32_t item_count;
  std::vector<double> predictions;
  bool operator==(const Row&) const = default;
};

std::vector<Row> rows(const Ratings& ratings, const TagMatrix& tags, std::vector<Part> parts) {
  std::vector<Row> result;
  CrossValidationOptions options;
  options.models.assign(kModels.begin(), kModels.end());
  CrossValidationObserver observer;
  observer.on_prediction = [&](const TestPrediction& row) {
    result.push_back(
        {row.user, row.item, row.item_count, {row.predictions.begin(), row.predictions.end()}});
  };
  cross_validate(ratings, &tags, OneFold(std::move(parts)), options, observer);
  return result;
}

}  // namespace

TEST_CASE("no model and no count knows a rating that is not used", "[cross-validation]") {
  const Ratings ratings = test::random_ratings(40, 60, 900, 5);
  const TagMatrix tags = tags_of(60);
  const std::vector<Part> parts = some_unused(ratings);
  Ratings rest;
  rest.users = ratings.users;
  rest.items = ratings.items;
  std::vector<Part> parts_of_rest;
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] != Part::unused) {
      rest.user.push_back(ratings.user[row]);
      rest.item.push_back(ratings.item[row]);
      rest.value.push_back(ratings.value[row]);
      parts_of_rest.push_back(parts[row]);
    }
  }
  REQUIRE(rest.size() == 675);
  const std::vector<Row> without = rows(rest, tags, parts_of_rest);
  CHECK_FALSE(without.empty());
  CHECK(rows(ratings, tags, parts) == without);
}

TEST_CASE("a model's record and its lists leave out what is not used", "[splits]") {
  const Ratings ratings = test::random_ratings(20, 30, 200, 6);
  const std::vector<Part> parts = some_unused(ratings);
  const std::size_t known =
      rows_of(parts, Part::train).size() + rows_of(parts, Part::validation).size();
  FitRecord record;
  count_trained(ratings, parts, record);
  CHECK(record.ratings == known);
  CHECK(record.left_out == 200 - known);
  TrainingOptions options;
  const FittedModel fitted(ratings, parts, train(ratings, {}, parts, options), std::nullopt,
                           std::nullopt, options.model);
  CHECK(fitted.model().rated_item.size() == known);
}

TEST_CASE("folds with unused ratings are read and written", "[splits]") {
  const test::TemporaryFolder folder;
  const Ratings ratings = test::random_ratings(4, 4, 4, 1);
  const std::string text = "row,f0\n0,3\n1,0\n2,2\n3,1\n";
  const auto splits = read_splits(folder.write("folds.csv", text), "", ratings);
  CHECK(splits->parts(0) ==
        std::vector<Part>{Part::unused, Part::train, Part::test, Part::validation});
  std::string written;
  write_splits("f", *splits, ratings, [&](std::string_view piece) { written += piece; });
  CHECK(written == text);
}

}  // namespace unused_part_test
