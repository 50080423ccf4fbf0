// Images a second of the network alone, as `balse tag` runs it.
//   tag_bench WEIGHTS BATCH THREADS [float32|bfloat16|plain]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "balse/support/random.hpp"
#include "balse/tagging/network.hpp"
#include "balse/tagging/tagger_file.hpp"

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "tag_bench WEIGHTS BATCH THREADS [float32|bfloat16|plain]\n");
    return 64;
  }
  const auto batch = static_cast<std::size_t>(std::atoi(argv[2]));
  const std::string kind = argc > 4 ? argv[4] : "float32";
  const balse::NetworkOptions options{
      .precision = kind == "bfloat16" ? balse::Precision::bfloat16 : balse::Precision::float32,
      .threads = std::atoi(argv[3]),
      .winograd = kind != "plain",
      .batch = batch};
  const auto network =
      balse::inference().illustration2vec(balse::read_illustration2vec(argv[1]).weights, options);
  const balse::InputSpec input;
  balse::Random random(1);
  std::vector<float> images(batch * input.values());
  for (float& value : images) {
    value = static_cast<float>(255.0 * random.uniform()) - 170.0F;
  }
  std::vector<float> probabilities(batch * network->outputs());
  std::vector<double> rates;
  constexpr int kRuns = 7;
  for (int run = 0; run < kRuns; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    network->run(images, batch, probabilities);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    if (run > 0) {  // the first warms up
      rates.push_back(static_cast<double>(batch) / seconds.count());
    }
  }
  std::sort(rates.begin(), rates.end());
  std::printf("rate=%.2f\n", rates[rates.size() / 2]);
}
