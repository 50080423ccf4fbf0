#include "report/sample_results.hpp"

#include <array>
#include <cmath>
#include <cstdint>

namespace balse::test {
namespace {

struct SampleModel {
  const char* name;
  const char* title;
  const char* kind;
  double rmse;
  double cold;  ///< RMSE on items without ratings
};

constexpr std::array kSampleModels = {
    SampleModel{"global-mean", "global mean", "block", 1.345, 1.360},
    SampleModel{"user-mean", "user mean", "block", 1.302, 1.341},
    SampleModel{"bias", "user+item bias", "block", 1.209, 1.330},
    SampleModel{"als", "ALS", "block", 1.164, 1.341},
    SampleModel{"lasso", "LASSO", "block", 1.296, 1.268},
    SampleModel{"vb", "VB", "block", 1.141, 1.322},
    SampleModel{"balse", "BALSE", "blend", 1.155, 1.269},
    SampleModel{"balse-plus", "BALSE+", "blend", 1.124, 1.252},
    SampleModel{"my-tool", "my \"tool\" <b>'s` $x_1 & 100% \\o/", "score", 1.126, 1.289},
};

struct SampleSubset {
  const char* name;
  std::uint64_t rows;
  double coldness;  ///< 0: as all, 1: as cold items
  double spread;
};

constexpr std::array kSampleSubsets = {
    SampleSubset{"all", 334390, 0.0, 0.004},
    SampleSubset{"little-known", 4739, 0.8, 0.025},
    SampleSubset{"cold-start", 1312, 1.0, 0.040},
};

double rmse_of(const SampleModel& model, double coldness) {
  return model.rmse + coldness * (model.cold - model.rmse);
}

/// From -1 to 1, another one each time, the same in every run.
class Wobble {
 public:
  double next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(static_cast<std::int64_t>(state_)) / 9.3e18;
  }

 private:
  std::uint64_t state_ = 42;
};

Json measure(double value, double spread) {
  return {{"value", value}, {"low", value - spread}, {"high", value + spread}};
}

Json sample_manifest() {
  return {{"program", "balse"},
          {"version", "0.1.0"},
          {"command_line",
           {"balse", "eval", "ratings.csv", "--tags", "tags of mine.csv", "--report", "out"}},
          {"inputs",
           {{{"role", "ratings"},
             {"path", "data/of/others/ratings.csv"},
             {"sha256", std::string(64, 'a')},
             {"unrated", 12}},
            {{"role", "tags"}, {"path", "tags of mine.csv"}, {"sha256", std::string(64, 'b')}}}},
          {"protocol", "5-fold cross-validation, 56% train / 24% validation / 20% test, seed 42"},
          {"seed", 42},
          {"threads", 2},
          {"ratings", 334390},
          {"users", 2079},
          {"items", 9979},
          {"tags", 503},
          {"items_with_tags", 7821},
          {"rating_scale", "numbers from -2 to 4"},
          {"options",
           {{"als", {{"rank", 20}, {"lambda", 0.1}}},
            {"clip", "training range"},
            {"little_known", "items with fewer than 3 ratings"}}},
          {"seconds", 83.25},
          {"compiler", "GCC 12.2.0"},
          {"processor", "a processor with eight cores"},
          {"date", "2026-01-02T03:04:05Z"},
          {"config", "[eval]\nfold-count = 5\nseed = 42\n"}};
}

void add_figures(Json& results) {
  Wobble wobble;
  for (const SampleModel& model : kSampleModels) {
    results["models"].push_back(
        {{"name", model.name}, {"title", model.title}, {"kind", model.kind}});
    for (const SampleSubset& subset : kSampleSubsets) {
      const double rmse = rmse_of(model, subset.coldness) + 0.0004 * wobble.next();
      results["figures"][model.name][subset.name] = {{"folds", 5},
                                                     {"rows", subset.rows},
                                                     {"rmse", rmse},
                                                     {"halfwidth", subset.spread},
                                                     {"mae", 0.79 * rmse},
                                                     {"low", rmse - 1.2 * subset.spread},
                                                     {"high", rmse + 1.2 * subset.spread}};
    }
  }
  for (int fold = 0; fold < 5; ++fold) {
    Json json = {{"train_rows", 187258},
                 {"validation_rows", 80254},
                 {"test_rows", {{"all", 66878}, {"little-known", 948}, {"cold-start", 262}}},
                 {"seconds", 15.5 + wobble.next()}};
    for (const SampleModel& model : kSampleModels) {
      json["rmse"][model.name]["all"] = model.rmse + 0.004 * wobble.next();
    }
    results["folds"].push_back(std::move(json));
  }
}

/// The score is not told from BALSE+ over all test ratings, BALSE and LASSO not on cold items.
void add_comparisons(Json& results) {
  results["bootstrap"] = {{"over", "users"}, {"replicates", 1000}, {"level", 0.95}};
  for (const SampleSubset& subset : kSampleSubsets) {
    for (std::size_t a = 0; a < kSampleModels.size(); ++a) {
      for (std::size_t b = a + 1; b < kSampleModels.size(); ++b) {
        const auto rmse = [&](std::size_t m) {
          return results["figures"][kSampleModels[m].name][subset.name]["rmse"].get<double>();
        };
        const double difference = rmse(a) - rmse(b);
        const double p = std::exp(-std::abs(difference) / subset.spread * 3.5);
        results["comparisons"].push_back({{"a", kSampleModels[a].name},
                                          {"b", kSampleModels[b].name},
                                          {"subset", subset.name},
                                          {"difference", difference},
                                          {"low", difference - subset.spread},
                                          {"high", difference + subset.spread},
                                          {"p", p / 4},
                                          {"p_holm", p},
                                          {"effect", std::tanh(3 * difference)},
                                          {"groups", 2079}});
      }
    }
  }
}

void add_slices(Json& results, const char* by, const std::vector<std::string>& names) {
  Wobble wobble;
  for (std::size_t s = 0; s < names.size(); ++s) {
    const double part =
        names.size() == 1 ? 0.0 : static_cast<double>(s) / static_cast<double>(names.size() - 1);
    Json slice = {{"by", by},
                  {"slice", names[s]},
                  {"rows", static_cast<std::uint64_t>(300.0 * std::exp2(s))},
                  {"gate_weight", 0.3 + 0.6 * part}};
    for (const SampleModel& model : kSampleModels) {
      const double rmse = rmse_of(model, 1.0 - part) + 0.02 * wobble.next();
      slice["models"][model.name] = {
          {"rmse", rmse}, {"mae", 0.79 * rmse}, {"low", rmse - 0.03}, {"high", rmse + 0.03}};
    }
    results["slices"].push_back(std::move(slice));
  }
}

void add_users_and_calibration(Json& results) {
  Json edges = Json::array();
  for (int edge = 0; edge <= 24; ++edge) {
    edges.push_back(edge / 10.0);
  }
  results["users"]["bins"] = edges;
  for (const SampleModel& model : kSampleModels) {
    for (int bin = 0; bin < 24; ++bin) {
      const double distance = (bin / 10.0 + 0.05 - model.rmse) / 0.33;
      results["users"]["models"][model.name].push_back(
          static_cast<int>(250 * std::exp(-distance * distance / 2)));
    }
    for (int decile = 0; decile < 10; ++decile) {
      const double predicted = -0.5 + 0.28 * decile;
      results["calibration"][model.name].push_back(
          {{"predicted", predicted},
           {"observed", 0.7 + (predicted - 0.7) * (0.6 + 0.4 * model.rmse)},
           {"rows", 33439}});
    }
  }
}

void add_ranking(Json& results) {
  Json& ranking = results["ranking"] = {{"k", 10}, {"relevant", 2}};
  for (const char* scope : {"test_items", "catalogue"}) {
    const double easy = std::string(scope) == "catalogue" ? 0.2 : 1.0;
    ranking[scope]["users"] = 1987;
    for (const SampleModel& model : kSampleModels) {
      const double good = easy * (1.9 - model.rmse);
      ranking[scope]["models"][model.name] = {{"ndcg", measure(good, 0.01)},
                                              {"recall", measure(0.8 * good, 0.012)},
                                              {"map", measure(0.6 * good, 0.009)},
                                              {"mrr", measure(0.9 * good, 0.02)},
                                              {"coverage", measure(0.3 / good / 4, 0.0)},
                                              {"novelty", measure(9.0 + 2.0 * good, 0.1)}};
    }
  }
}

}  // namespace

Json sample_results() {
  Json results = {{"schema", "balse-results"}, {"schema_version", 1}};
  results["manifest"] = sample_manifest();
  add_figures(results);
  add_comparisons(results);
  add_slices(results, "item-count",
             {"0", "1", "2", "3-5", "6-10", "11-30", "31-100", "101-300", ">300"});
  add_slices(results, "user-count", {"0", "1-10", "11-50", "51-200", ">200"});
  add_slices(results, "rating", {"-2", "-0.5", "0.1", "0.5", "2", "4"});
  add_slices(results, "tags", {"without tags", "with tags"});
  add_slices(results, "popularity", {"tail 80%", "middle", "top 5%"});
  add_users_and_calibration(results);
  add_ranking(results);
  add_data_and_training(results);
  return results;
}

}  // namespace balse::test
