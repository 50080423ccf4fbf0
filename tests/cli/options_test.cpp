// What single options change, and that there is none which no test runs.

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/csv_rows.hpp"
#include "cli/demo_model.hpp"
#include "cli/run_program.hpp"
#include "support/npz_writer.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace options_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";
const std::string kRatings = kData + "ratings.csv";
const std::string kTags = kData + "tags.csv";

using Rows = std::vector<std::vector<std::string>>;

/// The lines of eval's csv by model.
std::map<std::string, std::string> figures(std::vector<std::string> more) {
  if (std::find(more.begin(), more.end(), "--models") == more.end()) {
    more.insert(more.end(), {"--models", "global-mean,user-mean,bias,als,lasso,balse"});
  }
  more.insert(more.begin(), {"eval", kRatings, "--tags", kTags, "--format", "csv"});
  const Outcome outcome = run_balse(more);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  std::map<std::string, std::string> by_model;
  for (const std::vector<std::string>& row : csv_rows(outcome.out)) {
    for (const std::string& field : row) {
      by_model[row[0]] += field + ",";
    }
  }
  return by_model;
}

/// The models whose figures differ.
std::set<std::string> changed(const std::map<std::string, std::string>& before,
                              const std::map<std::string, std::string>& after) {
  std::set<std::string> models;
  for (const auto& [model, lines] : before) {
    if (after.at(model) != lines) {
      models.insert(model);
    }
  }
  return models;
}

Rows recommended(std::vector<std::string> more) {
  more.insert(more.begin(), {"recommend", "--model", demo_model(), "--user", "10"});
  const Outcome outcome = run_balse(more);
  REQUIRE(outcome.exit_code == EX_OK);
  return csv_rows(outcome.out);
}

/// The option names that begin a line of --help.
std::set<std::string> long_options(const std::string& command) {
  std::set<std::string> options;
  std::istringstream help(run_balse({command, "--help"}).out);
  const std::regex names("^  (-[a-zA-Z],)?(--[a-z][a-z,-]*)");
  for (std::string line; std::getline(help, line);) {
    std::smatch match;
    if (std::regex_search(line, match, names)) {
      std::istringstream list(match[2]);
      for (std::string name; std::getline(list, name, ',');) {
        options.insert(name);
      }
    }
  }
  return options;
}

/// Whether some text in quotes has the option: as all of it, or in a shell's command line.
bool is_named(const std::string& tests, const std::string& option) {
  for (std::size_t at = tests.find(option); at != std::string::npos;
       at = tests.find(option, at + 1)) {
    const char before = tests[at - 1];
    const char after = tests[at + option.size()];
    if ((before == '"' || before == ' ') && (after == '"' || after == '=' || after == ' ')) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("an option of a block changes that block and the blend, by both its names",
          "[cli][options]") {
  struct Change {
    std::string name;
    std::string older;  // empty if it has but one name
    std::string value;
    std::set<std::string> models;
  };
  const std::set<std::string> als = {"als", "balse"};
  const std::set<std::string> lasso = {"lasso", "balse"};
  const auto check = [](const std::vector<std::string>& besides,
                        const std::vector<Change>& changes) {
    const auto before = figures(besides);
    for (const Change& change : changes) {
      INFO(change.name << " " << change.value);
      std::vector<std::string> options = besides;
      options.insert(options.end(), {change.name, change.value});
      const auto after = figures(options);
      CHECK(changed(before, after) == change.models);
      if (!change.older.empty()) {
        options[options.size() - 2] = change.older;
        CHECK(figures(options) == after);
      }
    }
  };
  check({}, {{"--als-rank", "--rank", "3", als},
             {"--als-lambda", "--lambda", "0.3", als},
             {"--als-iterations", "--iterations", "2", als},
             {"--als-centring", "", "global", als},
             {"--als-weighting", "", "plain", als},
             {"--als-unseen", "--unseen-factors", "initial", als},
             {"--als-tolerance", "", "0.1", als},
             {"--lasso-alpha", "--alpha", "0.05", lasso},
             {"--lasso-intercept", "", "no", lasso},
             {"--lasso-tag-scaling", "--tag-scaling", "sd", lasso},
             {"--bias-lambda-user", "", "50", {"bias"}},
             {"--bias-lambda-item", "", "50", {"bias"}},
             {"--bias-sweeps", "", "1", {"bias"}},
             {"--gate-method", "--gate", "descent", {"balse"}},
             {"--gate-method", "--gate", "by-count", {"balse"}},
             {"--gate-counts", "", "train", {"balse"}},
             {"--clip", "", "none", lasso},
             {"--clip-range", "", "0:1", lasso},
             {"--refit", "", "no", {"global-mean", "user-mean", "bias", "als", "lasso", "balse"}}});
  check({"--gate", "descent"}, {{"--gate-learning-rate", "--gate-rate", "0.1", {"balse"}},
                                {"--gate-decay", "", "0.5", {"balse"}},
                                {"--gate-decay-steps", "", "2", {"balse"}},
                                {"--gate-steps", "", "50", {"balse"}}});
}

TEST_CASE("an option of a block of BALSE+ changes that block and BALSE+", "[cli][options]") {
  struct Change {
    std::string block;
    std::string name;
    std::string value;
  };
  const std::string blocks = "mixed,mixed-bias,mixed-similar,vb,vb-new";
  const std::vector<std::string> quick = {
      "--models", blocks + ",balse-plus", "--fold-count", "2", "--vb-sweeps", "5", "--vb-factors",
      "4",        "--cold-items",         "new"};
  const auto before = figures(quick);
  CHECK(before.count("balse") == 0);
  for (const Change& change : {Change{"mixed", "--mixed-sweeps", "2"},
                               {"mixed", "--mixed-tag-components", "3"},
                               {"mixed-bias", "--mixed-bias-sweeps", "2"},
                               {"mixed-bias", "--mixed-bias-tag-components", "3"},
                               {"mixed-similar", "--mixed-similar-sweeps", "2"},
                               {"mixed-similar", "--mixed-similar-tag-components", "3"},
                               {"vb", "--vb-sweeps", "6"},
                               {"vb", "--vb-factors", "5"},
                               {"vb", "--vb-tag-components", "3"},
                               {"vb-new", "--vb-new-sweeps", "6"},
                               {"vb-new", "--vb-new-factors", "3"},
                               {"vb-new", "--vb-new-tag-components", "3"},
                               {"", "--stack-new-item-ridge", "3000"},
                               {"", "--cold-items", "as-sampled"}}) {
    INFO(change.name << " " << change.value);
    std::vector<std::string> options = quick;
    const auto known = std::find(options.begin(), options.end(), change.name);
    if (known != options.end()) {
      *(known + 1) = change.value;
    } else {
      options.insert(options.end(), {change.name, change.value});
    }
    std::set<std::string> expected = {"balse-plus"};
    if (!change.block.empty()) {
      expected.insert(change.block);
    }
    CHECK(changed(before, figures(options)) == expected);
  }
}

TEST_CASE("--models names the rows of the table", "[cli][options]") {
  CHECK(figures({"--models", "als,bias"}).size() == 3);  // the header, too
  CHECK(figures({"--models", "all", "--fold-count", "2"}).count("vb-new") == 1);
  const Outcome wrong = run_balse({"eval", kRatings, "--models", "als,lassso"});
  CHECK(wrong.exit_code == EX_USAGE);
  CHECK_THAT(wrong.err, Contains("lassso") && Contains("balse-plus"));
}

TEST_CASE("--blend chooses what a model predicts by", "[cli][options]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  const auto fit = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"fit", kRatings, "--tags", kTags, "--model", model});
    const Outcome outcome = run_balse(more);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == EX_OK);
    return outcome.err;
  };
  const auto predict = [&](const std::string& columns) {
    return run_balse({"predict", "--model", model, "--no-header", "--columns", columns},
                     "10,35\nnobody,35\n10,nothing\n")
        .out;
  };
  fit({});
  CHECK_THAT(predict("balse-plus,deviation"), Contains(",,\n"));
  const std::string words = fit({"--blend", "stack"});
  CHECK_THAT(words, Contains("BALSE+ stack: RMSE") && Contains("the paper's gate"));
  const Rows rows = csv_rows(predict("balse-plus,deviation,vb,balse"));
  REQUIRE(rows.size() == 3);
  for (const std::vector<std::string>& row : rows) {
    REQUIRE(row.size() == 7);
    CHECK(row[2] == row[3]);
    CHECK(std::stod(row[4]) > 0.0);
  }
  const std::string stacked = predict("vb");
  // What --compare says of BALSE+ is what BALSE+ says of itself, and the gate's model is as
  // without.
  const auto figure_after = [](const std::string& text, const std::string& what) {
    const std::size_t at = text.find(what);
    return at == std::string::npos ? "nothing" : text.substr(at + what.size(), 6);
  };
  const std::string compared = fit({"--compare"});
  CHECK(figure_after(compared, "BALSE+, --blend stack, has RMSE ") ==
        figure_after(words, "BALSE+ stack: RMSE "));
  CHECK_THAT(fit({}), !Contains("BALSE+"));
  fit({"--model-kind", "balse+"});
  CHECK(predict("vb") == stacked);
  fit({"--preset", "best", "--warm-start", model});
  CHECK(csv_rows(predict("vb"))[0][1] == "35");
  const Outcome why = run_balse({"explain", "--model", model, "--user", "10", "--item", "35"});
  CHECK_THAT(why.out, Contains("BALSE+ is the sum of") && Contains("how the user rates"));
}

TEST_CASE("the clipping of all models cuts ALS too", "[cli][options]") {
  const auto before = figures({"--clip-range", "0.5:1"});
  const auto after = figures({"--clip-range", "0.5:1", "--clip", "all"});
  CHECK(changed(before, after).count("als") == 1);
  CHECK(changed(before, after).count("lasso") == 0);
}

TEST_CASE("users without ratings get the item's mean, or 0", "[cli][options]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("r.csv", "user,item,rating\na,1,3\na,2,5\nb,1,4\n");
  const auto prediction = [&](const std::string& what) {
    const std::string model = folder.path("model");
    REQUIRE(run_balse({"fit", ratings, "--model", model, "--unseen-users", what}).exit_code ==
            EX_OK);
    return run_balse({"predict", "--model", model, "--no-header"}, "nobody,1\n").out;
  };
  CHECK(prediction("item-mean") == "nobody,1,3.500000\n");
  CHECK(prediction("zero") == "nobody,1,0.000000\n");
}

TEST_CASE("--least-rated takes as many test ratings", "[cli][options]") {
  const std::string lines = figures({"--least-rated", "50"}).at("als");
  CHECK_THAT(lines, Contains("als,little-known,5,250,"));
}

TEST_CASE("--little-known says below how many ratings", "[cli][options]") {
  const auto rows = [](const char* fewer_than) {
    const std::string lines = figures({"--little-known", fewer_than}).at("als");
    return std::stoul(lines.substr(lines.find("als,little-known,5,") + 19));
  };
  CHECK(rows("2") < rows("3"));
  CHECK(rows("3") < rows("30"));
  CHECK(figures({"--little-known", "3"}) == figures({}));
  const auto items = [](const char* fewer_than) {
    return recommended({"--count", "900", "--only", "little-known", "--little-known", fewer_than})
        .size();
  };
  CHECK(items("2") < items("30"));
}

TEST_CASE("fit learns as many neighbours as it is told", "[cli][options]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  const auto info = [&](const std::vector<std::string>& options) {
    std::vector<std::string> command = {"fit", kRatings, "--model", model};
    command.insert(command.end(), options.begin(), options.end());
    REQUIRE(run_balse(command).exit_code == EX_OK);
    return nlohmann::json::parse(run_balse({"info", model, "--json"}).out);
  };
  const auto neighbours = [&](const std::vector<std::string>& options) {
    return info(options).value("neighbours", nlohmann::json());
  };
  const auto some = neighbours({});
  CHECK(some["most"] == 20);
  CHECK(some["items"].get<int>() > 200);
  CHECK(neighbours({"--neighbours", "3"})["most"] == 3);
  CHECK(neighbours({"--neighbours-count", "3"})["most"] == 3);
  CHECK(neighbours({"--neighbours-count", "0"}).is_null());
  CHECK(neighbours({"--neighbours-min-ratings", "30"})["items"] < some["items"]);
  CHECK(neighbours({"--neighbours-max-items", "50"})["items"] == 50);
  const auto manifest = info({"--neighbours-lambda", "7"})["manifest"];
  CHECK(manifest["options"]["neighbours"]["lambda"] == 7.0);
  CHECK_THAT(run_balse({"info", model}).out, Contains("\nneighbours     items "));
}

TEST_CASE("--lasso-relative-gap says how good a warm start is good enough", "[cli][options]") {
  const TemporaryFolder folder;
  const auto worst_gap = [&](const std::string& option, const std::string& gap) {
    const Outcome outcome = run_balse(
        {"fit", kRatings, "--tags", kTags, "--model", folder.path("model"), "--warm-start",
         demo_model(), "--alpha", "0.011", option, gap, "--report", folder.path("fit.json")});
    REQUIRE(outcome.exit_code == EX_OK);
    const auto report = nlohmann::json::parse(read_file(folder.path("fit.json")));
    CHECK(report["lasso"]["not_converged"] == 0);
    return report["lasso"]["worst_relative_gap"].get<double>();
  };
  CHECK(worst_gap("--lasso-relative-gap", "1e-5") <= 1e-5);
  const double loose = worst_gap("--lasso-relative-gap", "0.5");
  CHECK(loose > 1e-3);
  CHECK(loose <= 0.5);
  CHECK(worst_gap("--lasso-gap", "0.5") == loose);
}

TEST_CASE("--tags-shown says how many tags a side", "[cli][options]") {
  const auto tags = [](const char* option, const char* count) {
    const std::string text =
        run_balse({"explain", "--model", demo_model(), "--user", "10", option, count}).out;
    return std::count(text.begin(), text.end(), '\n');
  };
  CHECK(tags("--tags-shown", "2") == tags("--tags-shown", "1") + 2);
  CHECK(tags("--tags-shown", "2") == tags("-k", "2"));
}

TEST_CASE("--delimiter says what stands between columns", "[cli][options]") {
  const TemporaryFolder folder;
  std::string text = read_file(kRatings);
  const std::string plain = run_balse({"eval", kRatings, "--format", "csv"}).out;
  std::replace(text.begin(), text.end(), ',', '^');
  const std::string path = folder.write("r.txt", text);
  CHECK(run_balse({"eval", path}).exit_code == EX_DATAERR);
  CHECK(run_balse({"eval", path, "--delimiter", "^", "--format", "csv"}).out == plain);
  std::replace(text.begin(), text.end(), '^', '\t');
  const std::string tabs = folder.write("tabs.txt", text);
  for (const char* const tab : {"\t", "\\t", "tab"}) {
    CHECK(run_balse({"eval", tabs, "--delimiter", tab, "--format", "csv"}).out == plain);
  }
  CHECK_THAT(run_balse({"eval", "--delimiter", "\\t", "--print-config"}).out,
             Contains("delimiter = \"\\u0009\"\n"));
  const Outcome pair =
      run_balse({"predict", "--model", demo_model(), "--delimiter", "^", "--no-header"}, "10^1\n");
  CHECK(pair.exit_code == EX_OK);
  CHECK_THAT(pair.out, StartsWith("10,1,"));
}

TEST_CASE("--duplicates says which rating counts", "[cli][options]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("r.csv", "user,item,rating\na,1,1\na,1,4\na,1,4\n");
  const auto mean = [&](const std::string& which) {
    const std::string model = folder.path("model");
    const Outcome outcome = run_balse({"fit", ratings, "--model", model, "--duplicates", which});
    CHECK_THAT(outcome.err, Contains("--duplicates"));
    return outcome.exit_code == EX_OK
               ? run_balse({"predict", "--model", model, "--no-header"}, "nobody,1\n").out
               : std::to_string(outcome.exit_code);
  };
  CHECK(mean("first") == "nobody,1,1.000000\n");
  CHECK(mean("last") == "nobody,1,4.000000\n");
  CHECK(mean("mean") == "nobody,1,3.000000\n");
  CHECK(mean("error") == std::to_string(EX_DATAERR));
}

TEST_CASE("--pair-columns says where user and item are", "[cli][options]") {
  const std::vector<std::string> predict = {"predict", "--model", demo_model(), "--no-header"};
  const std::string plain = run_balse(predict, "10,42\n").out;
  std::vector<std::string> turned = predict;
  turned.insert(turned.end(), {"--pair-columns", "user=3,item=1"});
  const std::string prediction = plain.substr(plain.rfind(','));
  CHECK(run_balse(turned, "42,x,10\n").out == "42,x,10" + prediction);
}

TEST_CASE("--min-score leaves out what is predicted less", "[cli][options]") {
  const Rows all = recommended({"--count", "900"});
  const auto score = [](const std::vector<std::string>& row) { return std::stod(row.at(4)); };
  REQUIRE(all.size() > 100);
  const double least = score(all[50]);
  const Rows some = recommended({"--count", "900", "--min-score", std::to_string(least - 1e-6)});
  CHECK(some.size() < all.size());
  CHECK(some.size() >= 51);
  for (std::size_t k = 1; k < some.size(); ++k) {
    CHECK(score(some[k]) >= least - 2e-6);
  }
}

TEST_CASE("--reasons says how many tags are named", "[cli][options]") {
  for (const std::ptrdiff_t wanted : {0, 1, 3}) {
    const Rows rows = recommended({"--reasons", std::to_string(wanted), "--count", "5"});
    std::ptrdiff_t most = 0;
    for (std::size_t k = 1; k < rows.size(); ++k) {
      std::string reasons;
      for (std::size_t field = 6; field < rows[k].size(); ++field) {
        reasons += rows[k][field] + ";";
      }
      most = std::max<std::ptrdiff_t>(most, std::count(reasons.begin(), reasons.end(), '+'));
    }
    CHECK(most == wanted);
  }
}

TEST_CASE("--tags-format says how a tags file is read", "[cli][options]") {
  const auto eval = [](const std::string& tags, const std::string& format) {
    return run_balse({"eval", kRatings, "--tags", tags, "--tags-format", format});
  };
  CHECK(eval(kTags, "triplets").out == eval(kTags, "detect").out);
  CHECK(eval(kTags, "dense").exit_code == EX_DATAERR);
  CHECK(eval(kTags, "npz").exit_code == EX_DATAERR);
}

TEST_CASE("--tag-names names the columns of an .npz file", "[cli][options]") {
  const TemporaryFolder folder;
  // Items 0 and 1, who is what user b likes, and a tag of each.
  NpzEntries entries = {{"format.npy", npy_bytes("|S3", "()", "csr")},
                        {"shape.npy", npy<std::int64_t>("<i8", {2, 2})},
                        {"indptr.npy", npy<std::int32_t>("<i4", {0, 1, 2})},
                        {"indices.npy", npy<std::int32_t>("<i4", {0, 1})},
                        {"data.npy", npy<float>("<f4", {1.0F, 1.0F})}};
  const std::string tags = folder.path("tags.npz");
  write_npz(tags, entries, false);
  const std::string ratings = folder.write("r.csv", "user,item,rating\nb,0,5\nb,1,1\n");
  const std::string names = folder.write("names.txt", "red coat\nblue hat\n");
  const std::string model = folder.path("model");
  REQUIRE(run_balse({"fit", ratings, "--tags", tags, "--tag-names", names, "--model", model})
              .exit_code == EX_OK);
  const std::string taste = run_balse({"explain", "--model", model, "--user", "b"}).out;
  CHECK(
      (taste.find("red coat") != std::string::npos || taste.find("blue hat") != std::string::npos));
}

TEST_CASE("every option is run by some test, under each of its names", "[cli][options]") {
  std::string tests;
  for (const char* folder : {"/tests/cli", "/tests/parity"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(BALSE_SOURCE_DIR) + folder)) {
      tests += read_file(entry.path());
    }
  }
  for (const char* command :
       {"tag", "eval", "fit", "predict", "recommend", "explain", "info", "synth"}) {
    const std::set<std::string> options = long_options(command);
    CHECK(options.count("--help") == 1);
    for (const std::string& option : options) {
      INFO("balse " << command << " " << option);
      CHECK(is_named(tests, option));
    }
  }
}

}  // namespace options_test

TEST_CASE("--unrated says what is no rating", "[cli][options]") {
  const TemporaryFolder folder;
  std::string text = "user,item,rating\n";
  for (int k = 0; k < 40; ++k) {
    text += std::to_string(k % 8) + ',' + std::to_string(k) + ',' +
            (k % 5 == 0 ? "-1" : std::to_string(1 + k % 10)) + '\n';
  }
  const std::string path = folder.write("ratings.csv", text);
  const auto input = [&](const std::vector<std::string>& more, const std::string& said) {
    std::vector<std::string> arguments = {"eval",      path,       "--models",
                                          "user-mean", "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run_balse(arguments);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == EX_OK);
    if (said.empty()) {
      CHECK_THAT(outcome.err, !Contains("rated"));
    } else {
      CHECK_THAT(outcome.err, Contains(said));
    }
    return nlohmann::json::parse(outcome.out)["manifest"]["inputs"][0];
  };
  CHECK(input({}, "8 rows have -1, which is taken for not rated")["unrated"] == 8);
  CHECK(input({"--unrated", "-1"}, "8 rows have -1: not rated, left out")["unrated"] == 8);
  CHECK(input({"--unrated", "none"}, "").count("unrated") == 0);
  CHECK(run_balse({"eval", path, "--unrated", "1,,2"}).exit_code == EX_USAGE);
}
