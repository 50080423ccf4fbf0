// Config files, presets, and --print-config, which writes such files.

#include <algorithm>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace config_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";
const std::string kRatings = kData + "ratings.csv";
const std::string kTags = kData + "tags.csv";

/// Runs a command with a config file of this text.
Outcome with_config(const std::string& text, std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  arguments.insert(arguments.begin() + 1, {"--config", folder.write("site.toml", text)});
  return run_balse(arguments);
}

/// Without BALSE+, whose options are the others' kind and which takes ten times as long.
Outcome eval(std::vector<std::string> more) {
  more.insert(more.begin(), {"eval", kRatings, "--tags", kTags, "--format", "csv", "--models",
                             "als,lasso,balse"});
  const Outcome outcome = run_balse(more);
  CHECK(outcome.exit_code == EX_OK);
  return outcome;
}

/// The value that --print-config prints for an option; empty where it is a comment.
std::string printed(const Outcome& outcome, const std::string& option) {
  CHECK(outcome.exit_code == EX_OK);
  const std::string begin = "\n" + option + " = ";
  const std::size_t at = outcome.out.find(begin);
  if (at == std::string::npos) {
    CHECK_THAT(outcome.out, Contains("\n# " + option + " = "));
    return "";
  }
  return outcome.out.substr(at + begin.size(), outcome.out.find('\n', at + 1) - at - begin.size());
}

struct Wrong {
  std::string text;
  int exit_code;
  std::vector<std::string> words;
};

void check_refused(const std::vector<Wrong>& all, const std::vector<std::string>& arguments) {
  for (const Wrong& wrong : all) {
    const Outcome outcome = with_config(wrong.text, arguments);
    INFO(wrong.text << "\n" << outcome.err);
    CHECK(outcome.exit_code == wrong.exit_code);
    CHECK(outcome.out.empty());
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    for (const std::string& word : wrong.words) {
      CHECK_THAT(outcome.err, Contains(word));
    }
  }
}

}  // namespace

TEST_CASE("the command line goes before the config file, which goes before the preset",
          "[cli][config]") {
  const std::string config = "als-rank = 7\npreset = \"notebook\"\n";
  const std::vector<std::string> print = {"eval", "--print-config"};
  CHECK(printed(run_balse(print), "als-rank") == "20");
  CHECK(printed(run_balse({"eval", "--print-config", "--preset", "notebook"}), "als-rank") == "10");
  const Outcome both = with_config(config, print);
  CHECK(printed(both, "als-rank") == "7");
  CHECK(printed(both, "als-unseen") == "\"initial\"");
  CHECK(printed(both, "gate-steps") == "5000");
  CHECK(printed(both, "lasso-alpha") == "0.01");
  for (const char* name : {"--als-rank", "--rank"}) {
    CHECK(printed(with_config(config, {"eval", "--print-config", name, "5"}), "als-rank") == "5");
  }
  const Outcome paper = with_config(config, {"eval", "--print-config", "--preset", "paper"});
  CHECK(printed(paper, "als-rank") == "7");
  CHECK(printed(paper, "als-unseen") == "\"zero\"");
}

TEST_CASE("what is in a config file is what a run does", "[cli][config]") {
  const TemporaryFolder folder;
  const std::string config = folder.write(
      "my#site.toml",
      "# comment\n\"rank\" = 4  # an older name\nlambda = 2e-1\r\nlasso-intercept = false\n"
      "[eval]\n'clip' = 'all'\nclip-range = \"-1:1\"\nseed = 1_0\n[fit]\nmodel = 'x'\n");
  CHECK(eval({"--config", config}).out ==
        eval({"--als-rank", "4", "--als-lambda", "0.2", "--lasso-intercept", "no", "--clip", "all",
              "--clip-range=-1:1", "--seed", "10"})
            .out);
  const Outcome json =
      run_balse({"eval", kRatings, "--config=" + config, "--format", "json", "--threads", "1"});
  const auto manifest = nlohmann::json::parse(json.out)["manifest"];
  CHECK(manifest["options"]["als"]["rank"] == 4);
  CHECK(manifest["options"]["lasso"]["intercept"] == false);
  CHECK(manifest["options"]["bias"]["sweeps"] == 10);
  CHECK(manifest["options"]["gate"]["decay_steps"] == 20);
  CHECK(manifest["command_line"].size() == 8);  // as it was typed
}

TEST_CASE("a section is for its command alone, and goes before what is for all", "[cli][config]") {
  const std::string config = "als-rank = 3\n[eval]\nrank = 9\n[predict]\nstrict = true\n";
  CHECK(printed(with_config(config, {"eval", "--print-config"}), "als-rank") == "9");
  CHECK(printed(with_config(config, {"fit", "--print-config"}), "als-rank") == "3");
  const std::string predict = "[predict]\nstrict = true\nno-header = false\n[fit]\nrank = 2\n";
  const Outcome outcome = with_config(predict, {"predict", "--print-config"});
  CHECK(printed(outcome, "strict") == "true");
  CHECK(printed(outcome, "no-header") == "false");
}

TEST_CASE("a wrong key is named with file, line and what was meant", "[cli][config]") {
  check_refused(
      {{"seed = 1\nals-rnak = 3\n", EX_USAGE, {"site.toml:2: ", "als-rnak", "mean als-rank?"}},
       {"seed = 1\n[evla]\n", EX_USAGE, {"site.toml:2: ", "\"evla\"", "did you mean eval?"}},
       {"model = 'x'\n", EX_USAGE, {"site.toml:1: ", "model", "[fit]"}},
       {"[eval]\n\nrank = 3\nals-rank = 3\n", EX_USAGE, {"site.toml:4: ", "als-rank and rank"}},
       {"config = 'x'\n", EX_USAGE, {"site.toml:1: config has no place"}},
       {"print-config = true\n", EX_USAGE, {"site.toml:1: print-config has no place"}},
       {"help = true\n", EX_USAGE, {"site.toml:1: help has no place"}}},
      {"eval", "no-such-file.csv"});
}

TEST_CASE("a wrong value is said to be the config file's", "[cli][config]") {
  check_refused(
      {{"\nals-rank = 0\n", EX_USAGE, {"site.toml:2: --als-rank is 0; expected a whole number, 1"}},
       {"rank = 'ten'\n", EX_USAGE, {"site.toml:1: --als-rank is \"ten\""}},
       {"als-rank = 1.5\n", EX_USAGE, {"site.toml:1: --als-rank is 1.5"}},
       {"als-rank = [1, 2]\n", EX_USAGE, {"site.toml:1: --als-rank is an array"}},
       {"als-rank = []\n", EX_USAGE, {"site.toml:1: --als-rank is an empty array"}},
       {"als-centring = 'item'\n", EX_USAGE, {"site.toml:1: --als-centring", "item"}},
       {"clip-range = '2:1'\n", EX_USAGE, {"site.toml:1: --clip-range is \"2:1\""}},
       {"seed = -1\n", EX_USAGE, {"site.toml:1: --seed", "-1"}},
       {"fold-count = 1\n", EX_USAGE, {"site.toml:1: ", "--fold-count"}},
       {"tags = ''\n", EX_USAGE, {"site.toml:1: --tags", "is empty"}},
       {"skip-bad-rows = 1\n",
        EX_USAGE,
        {"site.toml:1: --skip-bad-rows is \"1\"", "true or false"}},
       {"skip-bad-rows = 'true'\n", EX_USAGE, {"site.toml:1: --skip-bad-rows", "true or false"}},
       {"preset = 'paperback'\n", EX_USAGE, {"site.toml:1: --preset", "paperback"}},
       {"little-known = 2\nleast-rated = 9\n", EX_USAGE, {"site.toml:", "excludes"}}},
      {"eval", kRatings});
  const Outcome typed = run_balse({"eval", kRatings, "--rank", "0"});
  CHECK(typed.exit_code == EX_USAGE);
  CHECK(typed.err == "balse: error: --als-rank is 0; expected a whole number, 1 to 1024\n");
}

TEST_CASE("what is no TOML ends in 65, and no file in 66", "[cli][config]") {
  std::vector<Wrong> all;
  for (const char* text : {"als-rank\n",
                           "als-rank = \n",
                           "als-rank = 3 4\n",
                           "als-rank = 03\n",
                           "als-rank = .5\n",
                           "als-centring = user\n",
                           "tags = \"a\n",
                           "tags = \"a\\q\"\n",
                           "tags = \"\\ud800\"\n",
                           "= 3\n",
                           "[eval\n",
                           "[]\n",
                           "[eval] x\n",
                           "columns = [1 2]\n",
                           "columns = [1,\n",
                           "seed = 1\nseed = 2\n",
                           "a.b = 1\n",
                           "x = {a = 1}\n",
                           "x = 1979-05-27\n",
                           "\x01\n",
                           "als-rank = 1__0\n",
                           "als-rank = 1_\n",
                           "[[eval]]\n",
                           "[fit]\n[fit]\n",
                           "''  = 1\n"}) {
    all.push_back({text, EX_DATAERR, {"site.toml:"}});
  }
  check_refused(all, {"eval", kRatings});
  CHECK(with_config(std::string("a\0b", 3), {"eval", kRatings}).exit_code == EX_DATAERR);
  const TemporaryFolder folder;
  for (const std::string& path : {folder.path("none.toml"), folder.path()}) {
    CHECK(run_balse({"eval", kRatings, "--config", path}).exit_code == EX_NOINPUT);
  }
  for (const char* no_file : {"", "-"}) {
    CHECK(run_balse({"eval", kRatings, "--config", no_file}).exit_code == EX_USAGE);
  }
}

TEST_CASE("texts, numbers and arrays come as TOML means them", "[cli][config]") {
  const Outcome outcome =
      with_config("tags = \"a#b \\\"c\\\" \\u00e9\\t.csv\"  # d\ndelimiter = ' '\ncolumns = '''\n",
                  {"eval", "--print-config"});
  CHECK(outcome.exit_code == EX_DATAERR);  // multi-line strings are not for options
  const Outcome read = with_config(
      "tags = \"a#b \\\"c\\\" \\u00e9\\t.csv\"  # d\ndelimiter = ' '\nfolds = '\\a\"'\n"
      "lambda = +1_0.5e0\n",
      {"eval", "--print-config"});
  CHECK(printed(read, "tags") == "\"a#b \\\"c\\\" \xc3\xa9\\u0009.csv\"");
  CHECK(printed(read, "delimiter") == "\" \"");
  CHECK(printed(read, "folds") == "\"\\\\a\\\"\"");
  CHECK(printed(read, "als-lambda") == "10.5e0");
  const Outcome columns =
      with_config("columns = [\n  'als',  # one\n  \"lasso\",\n]\n", {"predict", "--print-config"});
  CHECK(printed(columns, "columns") == "[\"als\", \"lasso\"]");
  const Outcome users =
      with_config("user = ['1', 2]\ncount = 3\n", {"recommend", "--print-config"});
  CHECK(printed(users, "user") == "[\"1\", \"2\"]");
  CHECK(printed(users, "count") == "3");
}

TEST_CASE("what the command line excludes is left out of the config file", "[cli][config]") {
  const TemporaryFolder folder;
  const std::string folds = folder.path("folds.csv");
  const std::string table = eval({"--write-folds", folds, "--protocol", "notebook"}).out;
  const std::string config = folder.write("all.toml", run_balse({"eval", "--print-config"}).out);
  CHECK(eval({"--config", config, "--folds", folds}).out == table);
  CHECK(eval({"--config", config, "--folds", folds, "--preset", "notebook"}).out == table);
  CHECK(eval({"--config", config, "--least-rated", "100"}).out ==
        eval({"--least-rated", "100"}).out);
  const Outcome shown = run_balse({"eval", "--print-config", "--folds", folds});
  CHECK(printed(shown, "protocol").empty());
  CHECK(printed(shown, "fold-count").empty());
}

TEST_CASE("the notebook preset is its options", "[cli][config]") {
  const std::vector<std::string> by_hand = {
      "--als-rank",     "10",      "--als-unseen", "initial",  "--lasso-tag-scaling", "sd",
      "--gate-method",  "descent", "--gate-decay", "0.99654",  "--gate-steps",        "5000",
      "--unseen-users", "zero",    "--protocol",   "notebook", "--least-rated",       "1000"};
  const std::string notebook = eval({"--preset", "notebook"}).out;
  CHECK(notebook == eval(by_hand).out);
  const std::string usual = eval({}).out;
  CHECK(eval({"--preset", "paper"}).out == usual);
  CHECK(notebook != usual);
}

TEST_CASE("a warm start implies a tolerance, which what is given goes before", "[cli][config]") {
  const std::vector<std::string> warm = {"fit", "--print-config", "--warm-start", "yesterday"};
  CHECK(printed(run_balse({"fit", "--print-config"}), "als-tolerance") == "0");
  CHECK(printed(run_balse(warm), "als-tolerance") == "0.001");
  CHECK(printed(with_config("warm-start = 'yesterday'\n", {"fit", "--print-config"}),
                "als-tolerance") == "0.001");
  CHECK(printed(with_config("als-tolerance = 0.5\n", warm), "als-tolerance") == "0.5");
}

TEST_CASE("--print-config prints what it reads, without the options a run needs", "[cli][config]") {
  const TemporaryFolder folder;
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"eval", "--rank", "3", "--clip-range=-1:1", "--skip-bad-rows"},
        {"eval", "--preset", "notebook"},
        {"fit", "--validation", "0.2", "--gate", "descent"},
        {"fit", "--folds", "f.csv", "--fold", "1"},
        {"predict", "--columns", "als,weight", "--no-header"},
        {"recommend", "--user", "1", "--user", "a \"b\"", "-n", "3"},
        {"explain", "--user", "7", "-k", "2"},
        {"info", "--json"},
        {"synth", "--posters", "--content", "0.25"},
        {"tag", "--update", "tags.csv", "--mean", "1", "2", "3"},
        {"tag", "--top", "3"}}) {
    std::vector<std::string> arguments = more;
    arguments.emplace_back("--print-config");
    const Outcome first = run_balse(arguments);
    INFO(more[0] << "\n" << first.out << first.err);
    CHECK(first.exit_code == EX_OK);
    CHECK(first.err.empty());
    CHECK_THAT(first.out, StartsWith("# For balse " + more[0]));
    const Outcome second =
        run_balse({more[0], "--config", folder.write("first.toml", first.out), "--print-config"});
    CHECK(second.out == first.out);
    CHECK(second.err.empty());
  }
}

TEST_CASE("a printed config gives the same run", "[cli][config]") {
  const TemporaryFolder folder;
  const std::vector<std::string> options = {"--tags", kTags,    "--rank",  "6",      "--alpha",
                                            "0.02",   "--gate", "descent", "--clip", "all",
                                            "--seed", "5",      "--scale", "mangaki"};
  const auto run = [&](std::vector<std::string> command, const std::vector<std::string>& more) {
    command.insert(command.end(), more.begin(), more.end());
    const Outcome outcome = run_balse(command);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == EX_OK);
    return outcome.out;
  };
  const std::string rows = folder.path("rows.csv");
  const std::vector<std::string> eval_rows = {
      "eval", kRatings, "--models", "als,lasso,balse", "--predictions", rows};
  const std::string eval_config =
      folder.write("eval.toml", run({"eval", "--print-config"}, options));
  const std::string table = run(eval_rows, options);
  const std::string predictions = read_file(rows);
  CHECK(run(eval_rows, {"--config", eval_config}) == table);
  CHECK(read_file(rows) == predictions);

  const std::string model = folder.path("model");
  const std::string fit_config = folder.write("fit.toml", run({"fit", "--print-config"}, options));
  const auto answers = [&](const std::vector<std::string>& more) {
    run({"fit", kRatings, "--model", model}, more);
    return run({"recommend", "--model", model, "--all-users"}, {});
  };
  CHECK(answers({"--config", fit_config}) == answers(options));
}

}  // namespace config_test
