#include "balse/evaluation/tuning.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/evaluation/cross_validation.hpp"
#include "balse/support/error.hpp"

#include "model/random_ratings.hpp"

using namespace balse;

namespace {

const Ratings& tuning_ratings() {
  static const Ratings kRatings = test::random_ratings(40, 60, 800, 5);
  return kRatings;
}

std::vector<Part> first_fold() {
  return make_splits({.folds = 4}, tuning_ratings())->parts(0);
}

/// RMSE on the validation ratings of ALS that is fitted on the train ratings, with one rank.
double rmse_of_rank(int rank) {
  TrainingOptions options;
  set_seeds(options.model, 42);
  options.models = {Model::als};
  options.refit = false;
  options.model.als.rank = rank;
  const std::vector<Part> parts = first_fold();
  const Training training = train(tuning_ratings(), {}, parts, options);
  const Predictors predictors = training.predictors({}, options.model);
  double squares = 0.0;
  const std::vector<std::uint32_t> rows = rows_of(parts, Part::validation);
  for (const std::uint32_t row : rows) {
    const double predicted = predictors.find(Model::als)
                                 ->predict(tuning_ratings().user[row], tuning_ratings().item[row]);
    squares += std::pow(predicted - tuning_ratings().value[row], 2);
  }
  return std::sqrt(squares / static_cast<double>(rows.size()));
}

std::vector<TunedFold> tuned(const Ratings& ratings, const std::string& text,
                             TuneSearch search = TuneSearch::grid, std::size_t budget = 16) {
  TrainingOptions options;
  set_seeds(options.model, 42);
  return tune_fold(ratings, {}, first_fold(), 0,
                   {.blocks = parse_tuning(text, search), .search = search, .budget = budget},
                   options);
}

std::string refusal(const std::string& text) {
  try {
    parse_tuning(text, TuneSearch::grid);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("tuning finds the value that predicts the validation ratings best", "[tuning]") {
  const std::vector<TunedFold> folds = tuned(tuning_ratings(), "als.rank=1,2,5,12");
  REQUIRE(folds.size() == 1);
  REQUIRE(folds[0].candidates.size() == 4);
  std::vector<double> rmse;
  for (const int rank : {1, 2, 5, 12}) {
    rmse.push_back(rmse_of_rank(rank));
    CHECK(folds[0].candidates[rmse.size() - 1].rmse == Approx(rmse.back()));
  }
  CHECK(static_cast<std::ptrdiff_t>(folds[0].best) ==
        std::min_element(rmse.begin(), rmse.end()) - rmse.begin());
}

TEST_CASE("test ratings have no say in what is tuned", "[tuning]") {
  Ratings other = tuning_ratings();
  const std::vector<Part> parts = first_fold();
  for (std::size_t row = 0; row < parts.size(); ++row) {
    other.value[row] = parts[row] == Part::test ? 5.0F - other.value[row] : other.value[row];
  }
  const TunedFold one = tuned(tuning_ratings(), "als.rank=1,2,5;als.lambda=0.05:0.5:log:3")[0];
  const TunedFold two = tuned(other, "als.rank=1,2,5;als.lambda=0.05:0.5:log:3")[0];
  REQUIRE(one.candidates.size() == 9);
  for (std::size_t k = 0; k < 9; ++k) {
    CHECK(one.candidates[k].rmse == two.candidates[k].rmse);
  }
}

TEST_CASE("without validation ratings there is nothing to tune by", "[tuning]") {
  std::vector<Part> parts = first_fold();
  std::replace(parts.begin(), parts.end(), Part::validation, Part::train);
  TrainingOptions options;
  CHECK_THROWS_WITH(tune_fold(tuning_ratings(), {}, parts, 2,
                              {.blocks = parse_tuning("als.rank=1,2", TuneSearch::grid)}, options),
                    Catch::Contains("fold 2 has no validation ratings"));
}

TEST_CASE("eval tests each fold with what the fold has chosen", "[tuning]") {
  CrossValidationOptions options;
  set_seeds(options.model, 42);
  options.models = {Model::als};
  const auto splits = make_splits({.folds = 4}, tuning_ratings());
  options.tuning.blocks = parse_tuning("als.rank=1,12", TuneSearch::grid);
  const CrossValidationResult result = cross_validate(tuning_ratings(), {}, *splits, options);
  options.tuning.blocks.clear();
  for (std::size_t fold = 0; fold < 4; ++fold) {
    const TunedFold& of_fold = result.folds[fold].tuned.at(0);
    options.model.als.rank = of_fold.best == 0 ? 1 : 12;
    const CrossValidationResult with = cross_validate(tuning_ratings(), {}, *splits, options);
    CHECK(with.folds[fold].rmse[0][0] == result.folds[fold].rmse[0][0]);
  }
}

TEST_CASE("halving tries the better half on twice as many ratings", "[tuning]") {
  const TunedFold fold =
      tuned(tuning_ratings(), "als.rank=1:30;als.lambda=0.01:1:log", TuneSearch::halving, 8)[0];
  REQUIRE(fold.candidates.size() == 8 + 4 + 2 + 1);
  CHECK(fold.candidates[0].share == 0.125);
  CHECK(fold.candidates[8].share == 0.25);
  CHECK(fold.candidates.back().share == 1.0);
  CHECK(fold.best == 14);
  for (const TunedCandidate& candidate : fold.candidates) {
    CHECK(candidate.rmse > 0.0);
  }
  const TunedFold random = tuned(tuning_ratings(), "als.rank=1:3", TuneSearch::random, 8)[0];
  CHECK(random.candidates.size() == 3);  // there are no more
}

TEST_CASE("what is best over all folds is what all have tried", "[tuning]") {
  const auto fold = [](std::size_t index, double one, double two) {
    return TunedFold{.fold = index,
                     .model = Model::als,
                     .candidates = {{.values = {{"als-rank", "1"}}, .rmse = one},
                                    {.values = {{"als-rank", "2"}}, .rmse = two}},
                     .best = one < two ? std::size_t{0} : std::size_t{1}};
  };
  CHECK(tuned_values({fold(0, 1.0, 1.5), fold(1, 2.0, 1.4)}) == OptionValues{{"als-rank", "2"}});
  TrainingOptions options;
  set_options(options, {{"als-rank", "7"}, {"lasso-alpha", "0.5"}});
  CHECK(options.model.als.rank == 7);
  CHECK(options.model.lasso.alpha == 0.5);
  CHECK_THROWS_AS(set_options(options, {{"als-rang", "7"}}), Error);
}

TEST_CASE("what cannot be tuned is refused before any work", "[tuning]") {
  using Catch::Matchers::Contains;
  CHECK_THAT(refusal("als.rang=1"), Contains("als.rang") && Contains("als-rank"));
  CHECK_THAT(refusal("gate.method=optimum"), Contains("blends learn"));
  CHECK_THAT(refusal("clip=all"), Contains("an option of a block"));
  CHECK_THAT(refusal("als.rank=0,2"), Contains("--als-rank is 0"));
  CHECK_THAT(refusal("als.rank=9:2"), Contains("the lower one first"));
  CHECK_THAT(refusal("als.lambda=0:1:log"), Contains("both positive"));
  CHECK_THAT(refusal("als.rank=1;als.rank=2"), Contains("every option once"));
  CHECK_THAT(refusal("als.centring=user:none"), Contains("separated by commas"));
  CHECK_THAT(refusal("als.rank"), Contains("BLOCK.OPTION="));
  const auto blocks =
      parse_tuning("lasso-alpha=0.01:1:log:3;als.centring=user,none", TuneSearch::grid);
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].options[0].values == std::vector<std::string>{"0.01", "0.1", "1"});
  CHECK(blocks[1].options[0].name == "als-centring");
}
