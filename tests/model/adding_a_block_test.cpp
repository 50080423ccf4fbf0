// The worked example of docs/adding-a-block.md.

#include <string>

#include <catch2/catch.hpp>

#include "balse/model/rating_means.hpp"

#include "model/item_mean_block.hpp"
#include "model/random_ratings.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;

TEST_CASE("the page on adding a block shows the block that is tested", "[blocks]") {
  std::string code = test::read_file(BALSE_SOURCE_DIR "/tests/model/item_mean_block.hpp");
  const std::string page = test::read_file(BALSE_SOURCE_DIR "/docs/adding-a-block.md");
  CHECK(page.find("```cpp\n" + code + "```") != std::string::npos);
}

TEST_CASE("the block of the page predicts shrunken means of items", "[blocks]") {
  const Ratings ratings = test::random_ratings(20, 30, 200, 3);
  const RatingMatrix matrix = make_rating_matrix(
      ratings, [](std::size_t) { return true; }, 1);
  const RatingMeans means = compute_rating_means(matrix);
  ItemMeanBlock::Options options;
  options.lambda = 2.0;
  NoSummary summary;
  const Parameters parameters =
      ItemMeanBlock::fit({.ratings = matrix, .means = means}, options, {}, summary);
  const auto block = ItemMeanBlock::open(parameters, {.means = means});
  for (std::uint32_t item = 0; item < matrix.items(); ++item) {
    double sum = 2.0 * means.global;
    double count = 2.0;
    for (std::size_t row = 0; row < ratings.size(); ++row) {
      sum += ratings.item[row] == item ? ratings.value[row] : 0.0;
      count += ratings.item[row] == item ? 1.0 : 0.0;
    }
    CHECK(block->predict(0, item) == Approx(sum / count));
  }
  CHECK(block->predict(0, 1000) == means.global);
  CHECK(block->fallback(0, 1000) == Fallback::unseen_item);
}
