#include <array>
#include <cmath>
#include <cstdint>

#include "report/sample_results.hpp"

namespace balse::test {
namespace {

constexpr std::array kSampleTags = {"1girl",
                                    "long hair",
                                    "school uniform",
                                    "sword",
                                    "starry sky",
                                    "robot",
                                    "cat ears",
                                    "<script>",
                                    "hat",
                                    "アニメの女の子",
                                    "solo",
                                    "weapon",
                                    "smile",
                                    "wings",
                                    "glasses",
                                    "blonde",
                                    "very long tag of many words that goes on",
                                    "ribbon",
                                    "magic `staff`",
                                    "two people",
                                    "it's",
                                    "food",
                                    "building",
                                    "mask"};

void add_gate_and_counts(Json& results) {
  constexpr std::array kCounts = {0, 1, 2, 3, 5, 8, 12, 20, 35, 60, 100, 200, 500, 1000, 1800};
  for (int fold = 0; fold < 5; ++fold) {
    Json curve = Json::array();
    for (const int count : kCounts) {
      curve.push_back(
          {{"count", count},
           {"weight", 1.0 / (1.0 + std::exp(-(0.05 + 0.004 * fold) * (count - 12.0 - fold)))}});
    }
    results["gate"].push_back({{"fold", fold}, {"curve", curve}});
  }
  for (int ratings = 0; ratings < 1700; ratings += 1 + ratings / 12) {
    results["counts"]["items"].push_back(
        {ratings, 1 + static_cast<int>(2600 / std::pow(ratings + 1.0, 1.15))});
  }
  for (int ratings = 4; ratings < 2500; ratings += 1 + ratings / 10) {
    results["counts"]["users"].push_back(
        {ratings, 1 + static_cast<int>(900 / std::pow(ratings, 0.8))});
  }
}

void add_tags(Json& results) {
  Json& tags = results["tags"] = {{"items_with_tags", 7821}, {"tags", 503}};
  for (int n = 0; n < 34; ++n) {
    tags["per_item"].push_back({n, static_cast<int>(1200 * std::exp(-(n - 9.0) * (n - 9.0) / 70))});
  }
  for (std::size_t t = 0; t < kSampleTags.size(); ++t) {
    const auto place = static_cast<double>(t);
    tags["most_used"].push_back(
        {{"tag", kSampleTags[t]}, {"items", static_cast<int>(5600 / (1.0 + 0.4 * place))}});
    tags[t % 2 == 0 ? "loved" : "hated"].push_back(
        {{"tag", kSampleTags[t]},
         {"coefficient", (t % 2 == 0 ? 1.0 : -0.8) * (0.9 - 0.03 * place)},
         {"users", 900 - 20 * t}});
  }
}

void add_training(Json& results) {
  for (int fold = 0; fold < 5; ++fold) {
    for (const char* block : {"als", "vb"}) {
      Json rmse = Json::array();
      for (int iteration = 1; iteration <= 12; ++iteration) {
        rmse.push_back(0.72 + (block[0] == 'a' ? 0.0 : 0.08) + 0.002 * fold +
                       0.6 / (iteration * iteration));
      }
      results["convergence"].push_back({{"fold", fold}, {"block", block}, {"rmse", rmse}});
    }
  }
  double bytes = 90e6;
  for (const char* stage :
       {"reading", "splitting", "training", "testing", "bootstrap", "ranking"}) {
    bytes *= 1.35;
    results["stages"].push_back({{"stage", stage},
                                 {"seconds", bytes / 4e7},
                                 {"peak_bytes", static_cast<std::uint64_t>(bytes)}});
  }
}

}  // namespace

void add_data_and_training(Json& results) {
  add_gate_and_counts(results);
  add_tags(results);
  add_training(results);
}

}  // namespace balse::test
