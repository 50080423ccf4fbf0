// What is known of items besides tags: --features of eval and fit, and the drawing style in what
// explain says.

#include <algorithm>
#include <cstring>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"
#include "support/npz_writer.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace cli_item_features_test {
namespace {

constexpr int kItems = 60;

/// Even users like the items of the first half of every ten, odd ones the others. No tag says which
/// these are.
std::string ratings_by_kind() {
  std::string text = "user,item,rating\n";
  for (int user = 0; user < 40; ++user) {
    for (int item = 0; item < kItems; ++item) {
      if ((user * 7 + item * 5 + user * item) % 3 != 0) {
        const bool likes = (user % 2 == 0) == (item % 10 < 5);
        text += "u" + std::to_string(user) + ",i" + std::to_string(item) + ',' +
                std::to_string(likes ? 5 - item % 2 : 1 + item % 2) + '\n';
      }
    }
  }
  return text;
}

std::string tags_by_number(int from, int to) {
  std::string text = "item,tag,weight\n";
  for (int item = from; item < to; ++item) {
    text += "i" + std::to_string(item) + ",third " + std::to_string(item % 3) + ",1\n";
  }
  return text;
}

/// "i0", "i1", ... as NumPy's <U4, and three numbers each, of which the first tells the kind.
NpzEntries features_by_kind(const std::string& prefix = "i") {
  std::string ids(static_cast<std::size_t>(kItems) * 16, '\0');
  std::vector<float> values;
  for (int item = 0; item < kItems; ++item) {
    const std::string id = prefix + std::to_string(item);
    for (std::size_t k = 0; k < id.size(); ++k) {
      ids[static_cast<std::size_t>(item) * 16 + 4 * k] = id[k];
    }
    values.insert(values.end(), {item % 10 < 5 ? 2.0F : -2.0F, static_cast<float>(item % 4) / 4.0F,
                                 static_cast<float>(item % 7) / 70.0F});
  }
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  const std::string items = std::to_string(kItems);
  return {{"items.npy", npy_bytes("<U4", "(" + items + ",)", ids)},
          {"embedding.npy", npy_bytes("<f4", "(" + items + ", 3)", bytes)}};
}

struct KindsFiles {
  TemporaryFolder folder;
  std::string ratings = folder.write("ratings.csv", ratings_by_kind());
  std::string tags = folder.write("tags.csv", tags_by_number(0, kItems));
  std::string features = folder.path("posters.npz");
  std::string model = folder.path("model");

  KindsFiles() { write_npz(features, features_by_kind(), true); }

  Outcome eval(std::vector<std::string> more) const {
    more.insert(more.begin(), {"eval", ratings, "--tags", tags, "--protocol", "item-cold"});
    return run_balse(more);
  }
  Outcome fit(std::vector<std::string> more) const {
    more.insert(more.begin(), {"fit", ratings, "--tags", tags, "--model", model});
    return run_balse(more);
  }
};

nlohmann::json parsed(const Outcome& outcome) {
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  return nlohmann::json::parse(outcome.out);
}

double rmse_in(const nlohmann::json& json, const std::string& model) {
  return json["figures"][model]["all"]["rmse"];
}

}  // namespace

TEST_CASE("eval --features says what they are worth for items held out whole",
          "[cli][item-features]") {
  const KindsFiles files;
  const std::vector<std::string> as_json = {"--format", "json", "--models", "all"};
  const auto without = parsed(files.eval(as_json));
  std::vector<std::string> more = as_json;
  more.insert(more.end(), {"--features", files.features});
  const Outcome outcome = files.eval(more);
  const auto with = parsed(outcome);
  for (const char* model : {"mixed", "mixed-similar", "vb", "vb-new", "balse-plus"}) {
    INFO(model);
    CHECK(rmse_in(with, model) < 0.7 * rmse_in(without, model));
  }
  for (const char* model : {"user-mean", "als", "lasso", "balse"}) {
    INFO(model);
    CHECK(rmse_in(with, model) == rmse_in(without, model));
  }
  CHECK(with["manifest"]["item_features"] == 3);
  CHECK(with["manifest"]["items_with_features"] == kItems);
  CHECK(with["manifest"]["inputs"][2]["role"] == "features");
  CHECK(with["manifest"]["inputs"][2]["path"] == files.features);
  CHECK_FALSE(without["manifest"].contains("item_features"));
  CHECK_THAT(outcome.err, Contains("posters.npz: 3 numbers of each of 60 of 60 rated items"));
  CHECK_THAT(files.eval({"--features", files.features, "--models", "vb"}).out,
             Contains(", 3 tags on 60 items, 3 features on 60 items\n"));
  // And without tags, vb is there.
  const auto alone = parsed(run_balse({"eval", files.ratings, "--protocol", "item-cold", "--models",
                                       "vb", "--format", "json", "--features", files.features}));
  CHECK(rmse_in(alone, "vb") < 0.7 * rmse_in(without, "vb"));
}

TEST_CASE("every block takes as many components as it is told to", "[cli][item-features]") {
  const KindsFiles files;
  const auto figures = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--features", files.features, "--format", "json", "--fold-count", "2",
                             "--models", "mixed,mixed-bias,mixed-similar,vb,vb-new"});
    return parsed(files.eval(more))["figures"];
  };
  const auto before = figures({});
  const std::vector<std::pair<std::string, std::string>> options = {
      {"mixed", "--mixed-feature-components"},
      {"mixed-bias", "--mixed-bias-feature-components"},
      {"mixed-similar", "--mixed-similar-feature-components"},
      {"vb", "--vb-feature-components"},
      {"vb-new", "--vb-new-feature-components"}};
  for (const auto& [changed, option] : options) {
    const auto after = figures({option, "1"});
    for (const auto& [model, unused] : options) {
      INFO(option << " " << model);
      CHECK((after[model] == before[model]) == (model != changed));
    }
  }
  CHECK(files.eval({"--vb-feature-components", "51"}).exit_code == EX_USAGE);
}

TEST_CASE("a model knows the drawing style of items, and says so", "[cli][item-features]") {
  const KindsFiles files;
  const Outcome fit = files.fit(
      {"--blend", "stack", "--features", files.features, "--report", files.folder.path("report")});
  INFO(fit.err);
  REQUIRE(fit.exit_code == EX_OK);
  const auto report = nlohmann::json::parse(read_file(files.folder.path("report")));
  CHECK(report["item_features"] == 3);
  CHECK(report["items_with_features"] == kItems);
  CHECK(report["options"]["vb-new"]["feature_components"] == 20);
  CHECK_THAT(run_balse({"info", files.model}).out,
             Contains("features       3 leading components of --features"));
  CHECK(parsed(run_balse({"info", files.model, "--json"}))["item_components"] == 3);

  const Outcome text =
      run_balse({"explain", "--model", files.model, "--user", "u0", "--item", "i2"});
  INFO(text.out << text.err);
  CHECK_THAT(text.out, Contains("drawing style: the features of the poster"));
  const auto json = parsed(
      run_balse({"explain", "--model", files.model, "--user", "u0", "--item", "i2", "--json"}));
  const auto& terms = json["blocks"]["mixed"]["terms"];
  CHECK(std::count_if(terms.begin(), terms.end(),
                      [](const auto& term) { return term["of"] == "style"; }) == 1);

  // A new item has no features: an average style, which is said. Those that the model has stay.
  const std::string newer = files.folder.write("new.csv", tags_by_number(0, kItems + 2));
  const std::vector<std::string> predict = {"predict", "--model", files.model, "--no-header"};
  std::vector<std::string> with_new = predict;
  with_new.insert(with_new.end(), {"--tags", newer});
  const Outcome after = run_balse(with_new, "u0,i2\nu0,i60\n");
  INFO(after.err);
  REQUIRE(after.exit_code == EX_OK);
  CHECK_THAT(after.err, Contains("of 2 new items the model has no --features"));
  CHECK_THAT(after.out, StartsWith(run_balse(predict, "u0,i2\n").out));

  // Only ALS and LASSO start from yesterday's model, which know nothing of features.
  const Outcome warm = files.fit({"--blend", "stack", "--warm-start", files.model, "--force"});
  INFO(warm.err);
  CHECK(warm.exit_code == EX_OK);
  CHECK_THAT(run_balse({"info", files.model}).out, !Contains("--features\n"));
}

TEST_CASE("the gate knows nothing of --features, and says so", "[cli][item-features]") {
  const KindsFiles files;
  const Outcome gate = files.fit({"--features", files.features});
  CHECK(gate.exit_code == EX_OK);
  CHECK_THAT(gate.err, Contains("the gate's model knows nothing of --features"));
  CHECK_THAT(run_balse({"info", files.model}).out, !Contains("leading components"));
}

TEST_CASE("features that say nothing, or are none, are told of", "[cli][item-features]") {
  const KindsFiles files;
  const auto eval = [&](const std::string& path) {
    return files.eval({"--models", "vb", "--features", path});
  };
  const std::string strangers = files.folder.path("strangers.npz");
  write_npz(strangers, features_by_kind("x"), true);
  const Outcome nobody = eval(strangers);
  CHECK(nobody.exit_code == EX_OK);
  CHECK_THAT(nobody.err, Contains("strangers.npz: none of its items is rated"));
  CHECK(nobody.out == files.eval({"--models", "vb"}).out);
  NpzEntries same = features_by_kind();
  same["embedding.npy"] = npy_bytes("|u1", "(60, 1)", std::string(kItems, '\7'));
  write_npz(files.folder.path("same.npz"), same, true);
  CHECK_THAT(eval(files.folder.path("same.npz")).err, Contains("says the same of all rated items"));
  const Outcome text = eval(files.ratings);
  CHECK(text.exit_code == EX_DATAERR);
  CHECK_THAT(text.err, Contains("cannot be read as an npz archive"));
  CHECK(eval(files.folder.path("none.npz")).exit_code == EX_NOINPUT);
  CHECK(eval("-").exit_code == EX_USAGE);
}

}  // namespace cli_item_features_test
