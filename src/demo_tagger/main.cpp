// Trains the demo tagger (models/demo) on posters it draws itself. Not part of the program; see
// models/demo/README.md.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <torch/nn/functional/loss.h>
#include <torch/optim/adam.h>
#include <torch/utils.h>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "balse/support/atomic_file.hpp"
#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"
#include "balse/synthesis/poster_scene.hpp"
#include "balse/tagging/network.hpp"

#include "auc.hpp"
#include "scenes.hpp"
#include "tagging/caffemodel_writer.hpp"
#include "training_net.hpp"

namespace balse {
namespace {

struct TrainingOptions {
  std::string output;
  std::size_t images = 4096;
  std::size_t epochs = 16;
  std::size_t test_images = 2000;
  std::uint64_t seed = 1;
  int threads = 0;
};

constexpr std::size_t kBatch = 32;
constexpr double kHighestRate = 4e-3;
/// Of the images, while the learning rate rises.
constexpr double kWarmUp = 0.06;

/// Streams of derive_seed(), of which make_poster_scene()'s seeds are derived once more: no poster
/// of one is in another, nor in a data set of `balse synth`.
enum Stream : std::uint64_t { training = 7001, testing = 7002 };

/// `done` of the training, 0 .. 1: up, then down to nothing along a cosine.
double rate_at(double done) {
  if (done < kWarmUp) {
    return kHighestRate * (done + 0.002) / kWarmUp;
  }
  const double rest = (done - kWarmUp) / (1.0 - kWarmUp);
  return 0.5 * kHighestRate * (1.0 + std::cos(3.14159265358979 * rest)) + 1e-6;
}

torch::Tensor view(std::vector<float>& values, const std::vector<std::int64_t>& shape) {
  return torch::from_blob(values.data(), shape, torch::kFloat32);
}

void train(TrainingNet& net, const TrainingOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t steps = options.images / kBatch;
  const std::uint64_t seed = derive_seed(options.seed, Stream::training);
  torch::optim::Adam optimizer(net.parameters(), torch::optim::AdamOptions(kHighestRate));
  net.train();
  // Tags that are not learned yet count more: a mouth is small, and there are two of 32 tags in it.
  torch::Tensor tag_loss = torch::ones({static_cast<std::int64_t>(kPosterTags.size())});
  std::uint64_t step = 0;
  for (std::size_t epoch = 0; epoch < options.epochs; ++epoch) {
    double loss_sum = 0.0;
    for (std::size_t k = 0; k < steps; ++k, ++step) {
      // Drawing takes a tenth of the time of learning, so no poster is seen twice.
      SceneBatch batch = draw_scenes(seed, step * kBatch, kBatch, options.threads);
      const double done = static_cast<double>(step) / static_cast<double>(steps * options.epochs);
      static_cast<torch::optim::AdamOptions&>(optimizer.param_groups()[0].options())
          .lr(rate_at(done));
      optimizer.zero_grad();
      const torch::Tensor losses =
          torch::nn::functional::binary_cross_entropy_with_logits(
              net.forward(view(batch.inputs, {kBatch, 3, 224, 224})),
              view(batch.truth, {kBatch, static_cast<std::int64_t>(kPosterTags.size())}),
              torch::nn::functional::BinaryCrossEntropyWithLogitsFuncOptions().reduction(
                  torch::kNone))
              .mean(0);
      tag_loss = 0.98 * tag_loss + 0.02 * losses.detach();
      const torch::Tensor loss = losses.mean();
      (losses * tag_loss / tag_loss.mean()).mean().backward();
      optimizer.step();
      loss_sum += loss.item<double>();
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    std::printf("epoch %zu: loss %.4f, %.0f s\n", epoch + 1, loss_sum / static_cast<double>(steps),
                seconds.count());
    std::fflush(stdout);
  }
}

/// Through the network as the program runs it.
void report(const Illustration2VecWeights& weights, const TrainingOptions& options) {
  const auto network = inference().illustration2vec(weights, {.threads = options.threads});
  const std::size_t tags = kPosterTags.size();
  std::vector<float> scores(options.test_images * tags);
  std::vector<float> truth;
  for (std::size_t first = 0; first < options.test_images; first += kBatch) {
    const std::size_t count = std::min(kBatch, options.test_images - first);
    const SceneBatch batch =
        draw_scenes(derive_seed(options.seed, Stream::testing), first, count, options.threads);
    network->run(batch.inputs, count, std::span(scores).subspan(first * tags, count * tags));
    truth.insert(truth.end(), batch.truth.begin(), batch.truth.end());
  }
  const std::vector<double> areas = auc_by_tag(scores, truth, tags);
  for (std::size_t tag = 0; tag < tags; ++tag) {
    std::printf("%-12s %.4f\n", kPosterTags[tag].data(), areas[tag]);
  }
  std::printf("mean AUC on %zu unseen posters: %.4f, least: %.4f\n", options.test_images,
              mean_of(areas), *std::min_element(areas.begin(), areas.end()));
}

void write(const std::string& folder, const char* name, const std::string& bytes) {
  AtomicFile file((std::filesystem::path(folder) / name).string());
  file.write(bytes);
  file.commit();
}

void run(const TrainingOptions& options) {
  torch::manual_seed(options.seed);
  torch::set_num_threads(options.threads);
  TrainingNet net(static_cast<std::uint32_t>(kPosterTags.size()));
  train(net, options);
  const Illustration2VecWeights weights = net.folded();
  const std::string model = caffemodel_bytes(weights, CaffeEncoding::v2);
  std::filesystem::create_directories(options.output);
  write(options.output, "demo_tagger.caffemodel", model);
  write(options.output, "tag_list.json", nlohmann::json(kPosterTags).dump(1) + "\n");
  std::printf("%zu parameters, %zu bytes\n", weights.parameters(), model.size());
  report(weights, options);
}

}  // namespace
}  // namespace balse

int main(int argc, char** argv) {
  balse::TrainingOptions options;
  CLI::App app("Trains the demo tagger on posters it draws itself.");
  app.add_option("--output", options.output, "Folder for the model and its list of tags")
      ->required();
  app.add_option("--images", options.images, "Posters an epoch, all different")
      ->capture_default_str()
      ->check(CLI::Range(balse::kBatch, std::size_t{1} << 30));
  app.add_option("--epochs", options.epochs, "Epochs")->capture_default_str();
  app.add_option("--test-images", options.test_images, "Unseen posters for the report")
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of posters and first weights")->capture_default_str();
  app.add_option("--threads", options.threads, "0: one for each processor")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  options.threads = balse::resolve_threads(options.threads);
  try {
    balse::run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "train_demo_tagger: %s\n", error.what());
    return 1;
  }
  return 0;
}
