// The network of models/demo, as it is in the repository, on drawings it was not trained on.

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"
#include "balse/synthesis/poster_scene.hpp"
#include "balse/tagging/network.hpp"
#include "balse/tagging/tag_list.hpp"
#include "balse/tagging/tagger_file.hpp"

#include "demo_tagger/auc.hpp"
#include "demo_tagger/scenes.hpp"

namespace balse::demo_tagger_test {
namespace {

const std::string kFolder = BALSE_SOURCE_DIR "/models/demo/";

TEST_CASE("the demo tagger finds the tags of drawings it has not seen", "[demo_tagger]") {
  const std::string path = kFolder + "demo_tagger.caffemodel";
  constexpr std::size_t kPosters = 640;
  constexpr std::size_t kBatch = 32;
  const std::size_t tags = kPosterTags.size();
  const auto network =
      inference().illustration2vec(read_illustration2vec(path).weights, {.threads = 2});
  REQUIRE(network->outputs() == tags);
  std::vector<float> scores(kPosters * tags);
  std::vector<float> truth;
  // A stream of seeds that neither the training nor balse synth uses.
  const std::uint64_t seed = derive_seed(2026, 9001);
  for (std::size_t first = 0; first < kPosters; first += kBatch) {
    const SceneBatch batch = draw_scenes(seed, first, kBatch, 2);
    network->run(batch.inputs, kBatch, std::span(scores).subspan(first * tags, kBatch * tags));
    truth.insert(truth.end(), batch.truth.begin(), batch.truth.end());
  }
  const std::vector<double> areas = auc_by_tag(scores, truth, tags);
  WARN("mean AUC " << mean_of(areas) << ", least "
                   << *std::min_element(areas.begin(), areas.end()));
  CHECK(mean_of(areas) >= 0.97);
  for (std::size_t tag = 0; tag < tags; ++tag) {
    INFO(kPosterTags[tag]);
    CHECK(areas[tag] >= 0.95);
  }
}

TEST_CASE("the demo tagger's list names what posters can show, in order", "[demo_tagger]") {
  const TagList list = read_tag_list(kFolder + "tag_list.json");
  CHECK(std::equal(list.names.begin(), list.names.end(), kPosterTags.begin(), kPosterTags.end()));
}

}  // namespace
}  // namespace balse::demo_tagger_test
