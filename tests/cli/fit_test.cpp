#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"
#include "support/sanitizers.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace fit_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";
const std::string kRatings = kData + "ratings.csv";
const std::string kTags = kData + "tags.csv";

std::vector<std::string> fit_arguments(const std::string& model,
                                       const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"fit", kRatings, "--tags", kTags, "--model", model};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

Outcome fit(const std::string& model, const std::vector<std::string>& more = {}) {
  return run_balse(fit_arguments(model, more));
}

/// A shell command line of balse fit on the demo data.
std::string fit_command(const std::string& model, const std::string& more = "") {
  return std::string(BALSE_PROGRAM) + " fit " + kRatings + " --tags " + kTags + " --model " +
         model + " " + more;
}

std::size_t files_in(const TemporaryFolder& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()),
                                                std::filesystem::directory_iterator()));
}

}  // namespace

TEST_CASE("fit writes a model, says so in a few words, and reports in JSON", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("site.safetensors");
  const Outcome outcome = fit(model, {"--report", folder.path("fit.json"), "--works",
                                      kData + "works.csv", "--threads", "1"});
  REQUIRE(outcome.exit_code == EX_OK);
  CHECK(outcome.out.empty());
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') ==
        6);  // ratings, ALS, LASSO, gate, neighbours, file
  CHECK_THAT(outcome.err, Contains("11500 ratings, 300 users, 900 items"));
  CHECK(files_in(folder) == 2);  // no lock, no temporary file
  const auto report = nlohmann::json::parse(read_file(folder.path("fit.json")));
  CHECK(report["als"]["iterations"] == 10);
  CHECK(report["validation_rows"] == 3450);
  CHECK(report["inputs"].size() == 3);
  CHECK(report["lasso"]["not_converged"] == 0);
  CHECK(report["gate"]["validation_rmse"].get<double>() <
        report["gate"]["validation_rmse_als"].get<double>());
  CHECK(report["file_bytes"] == std::filesystem::file_size(model));
  const Outcome info = run_balse({"info", model});
  CHECK(info.exit_code == EX_OK);
  CHECK_THAT(info.out, Contains("intact") && Contains("11500 of 900 items by 300 users") &&
                           Contains("als.item_factors"));
  const auto json = nlohmann::json::parse(run_balse({"info", "--json", model}).out);
  CHECK(json["manifest"]["inputs"][0]["sha256"].get<std::string>().size() == 64);
}

TEST_CASE("without validation ratings there is no validation RMSE", "[cli][fit]") {
  const TemporaryFolder folder;
  const Outcome outcome =
      fit(folder.path("model"), {"--validation", "0", "--report", folder.path("fit.json")});
  REQUIRE(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, Contains("; no validation ratings\n") && !Contains("validation RMSE"));
  const auto gate = nlohmann::json::parse(read_file(folder.path("fit.json")))["gate"];
  CHECK(gate["validation_rows"] == 0);
  for (const char* const name :
       {"validation_rmse", "validation_rmse_als", "validation_rmse_lasso"}) {
    CHECK(gate[name].is_null());
  }
}

TEST_CASE("one of a kind is named in the singular", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("r.csv", "a,x,1\na,y,2\n");
  const std::string tags = folder.write("t.csv", "x,red,1\n");
  CHECK_THAT(run_balse({"fit", ratings, "--tags", tags, "--model", folder.path("m")}).err,
             Contains("2 ratings, 1 user, 2 items, 1 tag\n"));
  CHECK_THAT(run_balse({"info", folder.path("m")}).out,
             Contains("2 of 2 items by 1 user\n") && Contains("1, 1 weight of items\n"));
}

TEST_CASE("titles that another one replaces are counted, the first named", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string works = folder.write("works.csv", "item,title\n1,A\n2,B\n2,C\n1,D\n2,E\n");
  const Outcome outcome =
      run_balse({"fit", kRatings, "--works", works, "--model", folder.path("m")});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err,
             Contains("works.csv: 3 rows name an item that has a title already, the first \"2\" "
                      "in line 4; the last counts\n"));
  CHECK_THAT(fit(folder.path("m"), {"--works", kData + "works.csv"}).err,
             !Contains("title already"));
}

TEST_CASE("the same data give the same model at any thread count", "[cli][fit]") {
  const TemporaryFolder folder;
  ::setenv("SOURCE_DATE_EPOCH", "1500000000", 1);
  const auto bytes = [&](const char* threads) {
    REQUIRE(fit(folder.path("model"), {"--threads", threads}).exit_code == EX_OK);
    return read_file(folder.path("model"));
  };
  const std::string once = bytes("2");
  CHECK(once.size() > 100'000);
  CHECK(bytes("2") == once);  // neither times nor seconds differ
  // Of another number of threads only the command line in the header tells, and so its checksums.
  const auto tensors = [](const std::string& model) {
    std::uint64_t header = 0;
    std::memcpy(&header, model.data(), sizeof header);
    const std::size_t checksums = 3 * 32 - 24;
    return model.substr(8 + header, model.size() - 8 - header - checksums);
  };
  for (const char* threads : {"1", "5"}) {
    CHECK(tensors(bytes(threads)) == tensors(once));
  }
  ::setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
  const Outcome refused = fit(folder.path("model"));
  ::unsetenv("SOURCE_DATE_EPOCH");
  CHECK(refused.exit_code == EX_USAGE);
  CHECK_THAT(refused.err, Contains("SOURCE_DATE_EPOCH is \"yesterday\""));
}

TEST_CASE("numbers that make no sense are refused before a model is touched", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string model = folder.write("model", "yesterday's");
  const std::vector<std::vector<std::string>> all = {
      {"--gate", "descent", "--gate-rate", "inf"},
      {"--gate", "descent", "--gate-rate", "1e200"},
      {"--gate", "descent", "--gate-rate", "nan"},
      {"--gate", "descent", "--gate-decay", "inf"},
      {"--gate", "descent", "--gate-steps", "1000000000"},
      {"--clip-range", "0:inf"},
      {"--clip-range=-1e300:1e300"},
      {"--clip-range", "nan:1"},
      {"--lambda", "inf"},
      {"--lambda", "1e300"},
      {"--lambda", "nan"},
      {"--alpha", "inf"},
      {"--alpha", "1e300"},
      {"--lasso-gap", "inf"},
      {"--lasso-gap", "nan"},
      {"--als-tolerance", "inf"},
      {"--als-tolerance", "1e10"},
      {"--iterations", "2000000000"},
      {"--rank", "100000"},
      {"--validation", "nan"}};
  for (const auto& options : all) {
    const Outcome outcome = fit(model, options);
    INFO(options.back() << " " << outcome.err);
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    CHECK(read_file(model) == "yesterday's");
  }
}

TEST_CASE("an empty value is refused, not taken for the default", "[cli]") {
  const std::vector<std::vector<std::string>> all = {
      {"fit", kRatings, "--model", "", "--rank", "5"},
      {"fit", kRatings, "--model", "m", "--rank", ""},
      {"fit", kRatings, "--model", "m", "--tags="},
      {"eval", kRatings, "--seed", ""},
      {"eval", kRatings, "--threads", ""},
      {"eval", kRatings, "--gate", ""},
      {"eval", kRatings, "--clip-range", ""},
      {"eval", ""},
      {"predict", "--model", "m", "--columns", ""},
      {"recommend", "--model", "m", "--min-score", "", "--all-users"},
      {"synth", "--output", ""},
      {"explain", "--model", "m", "--user", ""},
      {"info", ""}};
  for (const auto& arguments : all) {
    const Outcome outcome = run_balse(arguments);
    INFO(arguments[0] << ": " << outcome.err);
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  }
}

TEST_CASE("a warm start reaches the same optimum in fewer steps", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string ratings = read_file(kRatings);
  // Yesterday the last 200 ratings were not there.
  std::size_t end = ratings.size();
  for (int line = 0; line <= 200; ++line) {
    end = ratings.rfind('\n', end - 1);
  }
  const std::string yesterday = folder.write("yesterday.csv", ratings.substr(0, end + 1));
  const auto report = [&](const std::string& from, std::vector<std::string> more) {
    more.insert(more.begin(), {"fit", from, "--tags", kTags, "--model", folder.path("model"),
                               "--report", folder.path("fit.json")});
    const Outcome outcome = run_balse(more);
    REQUIRE(outcome.exit_code == EX_OK);
    auto json = nlohmann::json::parse(read_file(folder.path("fit.json")));
    json["words"] = outcome.err;
    return json;
  };
  const auto cold = report(kRatings, {});
  report(yesterday, {});
  const auto warm = report(kRatings, {"--warm-start", folder.path("model")});
  CHECK(warm["als"]["iterations"].get<int>() < cold["als"]["iterations"].get<int>() / 2);
  CHECK(warm["als"]["objective"].get<double>() <= 1.001 * cold["als"]["objective"].get<double>());
  CHECK(warm["lasso"]["steps"].get<int>() < cold["lasso"]["steps"].get<int>() / 2);
  CHECK(warm["lasso"]["objective_sum"].get<double>() ==
        Approx(cold["lasso"]["objective_sum"].get<double>()).epsilon(1e-6));
  CHECK_THAT(warm["words"].get<std::string>(),
             Contains("warm start: ") && Contains("last time 10"));
  // What cannot be started from does not stop a nightly run: it starts from scratch and says so.
  for (const std::vector<std::string>& unusable :
       {std::vector<std::string>{"--warm-start", folder.path("model"), "--rank", "7"},
        {"--warm-start", folder.path("absent")},
        {"--warm-start", kRatings}}) {
    std::vector<std::string> more = unusable;
    more.insert(more.begin(), {"fit", kRatings, "--model", folder.path("other")});
    const Outcome outcome = run_balse(more);
    CHECK(outcome.exit_code == EX_OK);
    CHECK_THAT(outcome.err, Contains("starting from scratch"));
  }
}

TEST_CASE("a second run ends with 75 at once", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  REQUIRE(fit(model).exit_code == EX_OK);
  for (const std::string& lock : {model + ".lock", folder.path("my lock")}) {
    const std::string option = lock == model + ".lock" ? "" : "--lock '" + lock + "'";
    const std::string before = read_file(model);
    // flock(1) holds the lock as another run would.
    const Outcome outcome =
        run_command("sh", {"-c", "flock '" + lock + "' " + fit_command(model, option)});
    CHECK(outcome.exit_code == EX_TEMPFAIL);
    CHECK_THAT(outcome.err, Contains("another run holds this lock"));
    CHECK(read_file(model) == before);
    CHECK(run_command("sh", {"-c", fit_command(model, option)}).exit_code == EX_OK);
  }
  CHECK_FALSE(std::filesystem::exists(model + ".lock"));
  CHECK(std::filesystem::exists(folder.path("my lock")));
}

TEST_CASE("a signal stops it within a second and leaves nothing behind", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  REQUIRE(fit(model).exit_code == EX_OK);
  const std::string before = read_file(model);
  for (const char* signal : {"TERM", "INT"}) {
    // A shell without job control would start a background job with SIGINT ignored, so it is
    // timeout(1) that signals.
    const Outcome outcome =
        run_command("timeout", {"--preserve-status", std::string("--signal=") + signal,
                                "--kill-after=1", "0.6", BALSE_PROGRAM, "fit", kRatings, "--tags",
                                kTags, "--model", model, "--iterations", "1000000"});
    CHECK(outcome.exit_code == 128 + (signal == std::string("TERM") ? SIGTERM : SIGINT));
    CHECK(read_file(model) == before);
    CHECK(files_in(folder) == 1);
  }
}

TEST_CASE("a signal at any moment leaves nothing behind", "[cli][fit]") {
  const TemporaryFolder folder;
  // timeout(1) sends its signal twice, to the program and to their group.
  const std::string script = "for k in $(seq 10 " + std::string(kHasSanitizer ? "4" : "1") +
                             " 69); do\n"
                             "  timeout --preserve-status 0.0$k " +
                             fit_command(folder.path("model"), "--iterations 1000000") +
                             "\n  [ $? = 143 ] || exit 98\n"
                             "  [ -z \"$(ls -A " +
                             folder.path() +
                             ")\" ] || exit 99\n"
                             "done\n";
  CHECK(run_command("bash", {"-c", script}).exit_code == 0);
}

TEST_CASE("killed at any moment, the old model still loads", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  REQUIRE(fit(model).exit_code == EX_OK);
  // Moments all over the run, more of them near its end, where the file is written.
  const std::string script = "for k in $(seq " + std::string(kHasSanitizer ? "40" : "200") +
                             "); do\n"
                             "  " +
                             fit_command(model, "--threads 1 2>/dev/null") +
                             " & pid=$!\n"
                             "  sleep 0.$(printf %03d $((k * 37 % 400)))\n"
                             "  kill -KILL $pid 2>/dev/null; wait $pid 2>/dev/null\n"
                             "  " +
                             std::string(BALSE_PROGRAM) + " info " + model +
                             " >/dev/null || exit 99\n"
                             "done\n";
  CHECK(run_command("bash", {"-c", script}).exit_code == 0);
  // At most the lock's file is left, which holds nobody up.
  CHECK(files_in(folder) <= 2);
  CHECK(fit(model).exit_code == EX_OK);
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a full disk and a folder that is not there leave the old model alone", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  REQUIRE(fit(model).exit_code == EX_OK);
  const std::string before = read_file(model);
  if (!kHasThreadSanitizer) {  // its runtime has large files of its own
    // A limit on the size of files fails as a full disk does: in the middle of writing.
    const Outcome full =
        run_command("bash", {"-c", "trap '' XFSZ; ulimit -f 100; exec " + fit_command(model)});
    CHECK(full.exit_code == EX_IOERR);
    CHECK_THAT(full.err, Contains("cannot be written"));
    CHECK(read_file(model) == before);
    CHECK(files_in(folder) == 1);
  }
  CHECK(fit(folder.path("absent/model")).exit_code == EX_CANTCREAT);
  CHECK(fit(folder.path()).exit_code == EX_CANTCREAT);
}

TEST_CASE("options of fit that make no sense are refused", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  CHECK(fit(model, {"--validation", "1.5"}).exit_code == EX_USAGE);
  CHECK(fit(model, {"--fold", "1"}).exit_code == EX_USAGE);
  CHECK(fit(kRatings).exit_code == EX_USAGE);
  CHECK(fit(model, {"--validation", "nan"}).exit_code == EX_USAGE);
  CHECK(fit(model, {"--als-tolerance", "nan"}).exit_code == EX_USAGE);
  CHECK(fit("").exit_code == EX_USAGE);
  CHECK(run_balse({"fit", kRatings}).exit_code == EX_USAGE);
  CHECK(files_in(folder) == 0);
}

TEST_CASE("fit never replaces or removes what it reads", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("site.lock", read_file(kRatings));
  CHECK(run_balse({"fit", ratings, "--model", folder.path("site")}).exit_code == EX_USAGE);
  folder.write("other.lock", "a user's own notes");
  CHECK(run_balse({"fit", ratings, "--model", folder.path("other")}).exit_code == EX_CANTCREAT);
  CHECK(read_file(folder.path("other.lock")) == "a user's own notes");
  const std::string model = folder.path("model");
  REQUIRE(fit(model).exit_code == EX_OK);
  CHECK(fit(folder.path("new"), {"--warm-start", model, "--report", model}).exit_code == EX_USAGE);
  CHECK(fit(folder.path("new"), {"--report", folder.path("new.lock")}).exit_code == EX_USAGE);
  CHECK(run_balse({"info", model}).exit_code == EX_OK);
}

TEST_CASE("a model without tags is ALS alone", "[cli][fit]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  const Outcome outcome = run_balse({"fit", kRatings, "--model", model});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, Contains("ALS alone"));
  CHECK_THAT(run_balse({"info", model}).out, Contains("ALS alone"));
  const Outcome predicted =
      run_balse({"predict", "--model", model, "--columns", "als,lasso,weight"}, "0,1\n");
  CHECK_THAT(predicted.out, Contains(",,1.000000\n"));
  CHECK(run_balse({"predict", "--model", model, "--tags", kTags}, "0,1\n").exit_code == EX_USAGE);
  CHECK_THAT(run_balse({"explain", "--model", model, "--user", "0"}).out,
             Contains("trained without tags"));
}

TEST_CASE("a damaged model is refused by whoever opens it", "[cli][info]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  REQUIRE(fit(model).exit_code == EX_OK);
  const std::string whole = read_file(model);
  const auto refused = [&](const std::string& bytes) {
    const std::string path = folder.write("damaged", bytes);
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"info", path}, {"predict", "--model", path}}) {
      const Outcome outcome = run_balse(arguments, "0,1\n");
      CHECK(outcome.exit_code == EX_DATAERR);
      CHECK(outcome.out.empty());
      CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    }
  };
  refused("");
  refused(whole.substr(0, whole.size() / 2));
  std::string header = whole;
  header[0] ^= 8;  // its length
  refused(header);
  header = whole;
  header[100] ^= 4;
  refused(header);
  std::string data = whole;
  data[whole.size() - 5000] ^= 4;
  const Outcome outcome = run_balse({"info", folder.write("damaged", data)});
  CHECK(outcome.exit_code == EX_DATAERR);
  CHECK_THAT(outcome.err, Contains("checksum"));
}

}  // namespace fit_test
