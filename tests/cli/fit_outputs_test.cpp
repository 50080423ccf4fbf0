// What balse fit leaves behind beside the model: earlier models, the report of a run that failed,
// and how long it waits for a lock.

#include <chrono>
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

namespace fit_outputs_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string kRatings = BALSE_SOURCE_DIR "/data/demo/ratings.csv";

struct Site {
  TemporaryFolder folder;
  std::string model = folder.path("model");
  std::string report = folder.path("fit.json");

  Outcome fit(std::vector<std::string> more, const std::string& ratings = kRatings) const {
    more.insert(more.begin(), {"fit", ratings, "--model", model});
    return run_balse(more);
  }
  /// A model that differs from those of other seeds.
  std::string fit_seed(int seed, const std::string& keep) const {
    REQUIRE(fit({"--keep", keep, "--seed", std::to_string(seed)}).exit_code == EX_OK);
    return read_file(model);
  }
  json reported() const { return json::parse(read_file(report)); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), {}));
  }
};

}  // namespace

TEST_CASE("--keep keeps the models before, the newest as MODEL.1", "[cli][fit_outputs]") {
  const Site site;
  std::vector<std::string> nights = {""};
  for (int night = 1; night <= 4; ++night) {
    nights.push_back(site.fit_seed(night, "2"));
  }
  CHECK((read_file(site.model + ".1") == nights[3]));
  CHECK((read_file(site.model + ".2") == nights[2]));
  CHECK(site.files() == 3);

  SECTION("going back is one mv, and the next night has nothing to forget") {
    fs::rename(site.model + ".1", site.model);
    const std::string next = site.fit_seed(5, "2");
    CHECK((read_file(site.model) == next));
    CHECK((read_file(site.model + ".1") == nights[3]));
    CHECK((read_file(site.model + ".2") == nights[2]));
  }
  SECTION("what was kept before a crash is not kept twice") {
    fs::remove(site.model + ".1");
    fs::create_hard_link(site.model, site.model + ".1");
    site.fit_seed(5, "2");
    CHECK((read_file(site.model + ".1") == nights[4]));
    CHECK((read_file(site.model + ".2") == nights[2]));
  }
  SECTION("one alone, and none, leave what has higher numbers") {
    site.fit_seed(5, "1");
    CHECK((read_file(site.model + ".1") == nights[4]));
    site.fit_seed(6, "0");
    CHECK((read_file(site.model + ".1") == nights[4]));
    CHECK((read_file(site.model + ".2") == nights[2]));
  }
  SECTION("a night that fails moves nothing") {
    const std::string bad = site.folder.write("bad.csv", "a,b\n");
    CHECK(site.fit({"--keep", "2"}, bad).exit_code == EX_DATAERR);
    if (!kHasThreadSanitizer) {  // its runtime has large files of its own
      const Outcome full =
          run_command("bash", {"-c", "trap '' XFSZ; ulimit -f 100; exec " BALSE_PROGRAM " fit " +
                                         kRatings + " --keep 2 --model " + site.model});
      CHECK(full.exit_code == EX_IOERR);
    }
    CHECK((read_file(site.model) == nights[4]));
    CHECK((read_file(site.model + ".1") == nights[3]));
    CHECK((read_file(site.model + ".2") == nights[2]));
  }
  SECTION("what is no file is not replaced") {
    fs::remove(site.model + ".2");
    fs::create_directory(site.model + ".2");
    const Outcome outcome = site.fit({"--keep", "2"});
    CHECK(outcome.exit_code == EX_CANTCREAT);
    CHECK_THAT(outcome.err, Contains("model.2: is no regular file"));
    CHECK(site.fit({"--keep", "1"}, site.model + ".1").exit_code == EX_USAGE);
  }
  SECTION("they lie beside the file that a link leads to") {
    fs::create_directory(site.folder.path("big"));
    fs::rename(site.model, site.folder.path("big/model"));
    fs::create_symlink("big/model", site.model);
    site.fit_seed(5, "2");
    CHECK(fs::is_symlink(site.model));
    CHECK(read_file(site.folder.path("big/model.1")) == nights[4]);
  }
}

TEST_CASE("killed at any moment, one of the models is whole", "[cli][fit_outputs]") {
  const Site site;
  site.fit_seed(1, "0");
  // Most of the moments are near the end, where the files are renamed.
  const std::string script =
      "for k in $(seq " + std::string(kHasSanitizer ? "20" : "120") +
      "); do\n" BALSE_PROGRAM " fit " + kRatings + " --keep 2 --model " + site.model +
      " --seed $k --threads 1 2>/dev/null & pid=$!\n"
      "  sleep 0.0$(printf %02d $((k * 7 % 60)))\n"
      "  kill -KILL $pid 2>/dev/null; wait $pid 2>/dev/null\n"
      "  for m in " +
      site.model + "*; do\n    [ $m = " + site.model +
      ".lock ] && continue\n    " BALSE_PROGRAM " info $m >/dev/null || exit 99\n  done\n  [ -e " +
      site.model + " ] || exit 98\ndone\n";
  CHECK(run_command("bash", {"-c", script}).exit_code == 0);
}

TEST_CASE("the report says how the run ended", "[cli][fit_outputs]") {
  const Site site;
  REQUIRE(site.fit({"--report", site.report}).exit_code == EX_OK);
  json report = site.reported();
  CHECK(report["status"] == "ok");
  CHECK(report["exit_code"] == EX_OK);
  CHECK(report["warnings"].empty());
  CHECK(report["ratings"] == 11500);

  const std::string absent = site.folder.path("absent");
  REQUIRE(site.fit({"--report", site.report, "--warm-start", absent, "--strict"}).exit_code == 3);
  report = site.reported();
  CHECK(report["status"] == "ok");
  CHECK(report["exit_code"] == 3);
  CHECK_THAT(report["warnings"][0].get<std::string>(), Contains("starting from scratch"));

  const std::string before = read_file(site.model);
  const std::string bad = site.folder.write("bad.csv", "a,b,1\na,c,\n");
  const auto fails = [&](const std::vector<std::string>& more, const std::string& ratings) {
    std::vector<std::string> arguments = {"--report", site.report};
    arguments.insert(arguments.end(), more.begin(), more.end());
    fs::remove(site.report);
    const Outcome outcome = site.fit(arguments, ratings);
    const json failure = site.reported();
    CHECK(failure["status"] == "failed");
    CHECK(failure["exit_code"] == outcome.exit_code);
    CHECK(failure["command_line"][1] == "fit");
    // The last line on standard error.
    CHECK("balse: error: " + failure["reason"].get<std::string>() + "\n" ==
          outcome.err.substr(outcome.err.rfind("balse: error: ")));
    CHECK_FALSE(fs::exists(site.report + ".lock"));
    return outcome.exit_code;
  };
  CHECK(fails({}, bad) == EX_DATAERR);
  CHECK(fails({}, absent) == EX_NOINPUT);
  CHECK(fails({"--tags", absent}, kRatings) == EX_NOINPUT);
  CHECK(fails({"--validation", "nan"}, kRatings) == EX_USAGE);
  CHECK(fails({"--lock", absent + "/lock"}, kRatings) == EX_CANTCREAT);
  CHECK((read_file(site.model) == before));

  if (!kHasThreadSanitizer) {
    fs::remove(site.report);
    const Outcome full = run_command(
        "bash", {"-c", "trap '' XFSZ; ulimit -f 100; exec " BALSE_PROGRAM " fit " + kRatings +
                           " --report " + site.report + " --model " + site.model});
    CHECK(full.exit_code == EX_IOERR);
    CHECK(site.reported()["exit_code"] == EX_IOERR);
    CHECK((read_file(site.model) == before));
  }
  // On standard output, too.
  const Outcome printed = site.fit({"--report", "-"}, bad);
  CHECK(json::parse(printed.out)["exit_code"] == EX_DATAERR);
  // What it must not replace it does not replace to say so.
  CHECK(site.fit({"--report", kRatings}).exit_code == EX_USAGE);
  CHECK(site.fit({"--report", site.report, "--lock", site.report + ".lock"}).exit_code == EX_USAGE);
}

TEST_CASE("no memory is a reason, too", "[cli][fit_outputs]") {
  if (kHasSanitizer) {
    return;  // they need terabytes of addresses
  }
  const Site site;
  int reported = 0;
  for (int kilobytes = 14000; kilobytes < 60000 && reported < 3; kilobytes += 500) {
    fs::remove(site.report);
    const Outcome outcome = run_command(
        "bash", {"-c", "ulimit -v " + std::to_string(kilobytes) + "; exec " BALSE_PROGRAM " fit " +
                           kRatings + " --rank 200 --iterations 1 --threads 1 --report " +
                           site.report + " --model " + site.model});
    if (outcome.exit_code == EX_OSERR && fs::exists(site.report)) {
      CHECK(site.reported()["exit_code"] == EX_OSERR);
      CHECK_THAT(site.reported()["reason"].get<std::string>(), Contains("memory"));
      ++reported;
    }
  }
  CHECK(reported > 0);
}

TEST_CASE("a report is left to the run that writes it", "[cli][fit_outputs]") {
  const Site site;
  site.folder.write("fit.json", "of another run\n");
  // flock(1) holds a lock as another run would.
  const auto locked = [&](const std::string& lock, const std::string& more = "") {
    return run_command(
        "sh", {"-c", "flock '" + lock + "' " BALSE_PROGRAM " fit " + kRatings + " --model " +
                         site.model + " --report " + site.report + more});
  };
  CHECK(locked(site.report + ".lock").exit_code == EX_TEMPFAIL);
  CHECK(read_file(site.report) == "of another run\n");
  // Another run makes the model, but writes no report, or another one.
  CHECK(locked(site.model + ".lock").exit_code == EX_TEMPFAIL);
  CHECK(site.reported()["exit_code"] == EX_TEMPFAIL);
  CHECK_THAT(site.reported()["reason"].get<std::string>(), Contains("another run holds this lock"));
}

TEST_CASE("--lock-wait waits for the lock, and not for ever", "[cli][fit_outputs]") {
  const Site site;
  const auto held = [&](const std::string& seconds, const std::string& wait) {
    const auto begun = std::chrono::steady_clock::now();
    Outcome outcome =
        run_command("sh", {"-c", "flock " + site.model + ".lock sleep " + seconds +
                                     " & sleep 0.2; " BALSE_PROGRAM " fit " + kRatings +
                                     " --model " + site.model + " --lock-wait " + wait});
    outcome.out = std::to_string(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    return outcome;
  };
  const Outcome waited = held("0.7", "30");
  CHECK(waited.exit_code == EX_OK);
  CHECK_THAT(waited.err, Contains("another run holds this lock; waiting for up to 30 s"));
  CHECK(std::stod(waited.out) < 20);
  const Outcome gave_up = held("2.5", "1");
  CHECK(gave_up.exit_code == EX_TEMPFAIL);
  CHECK(site.fit({"--lock-wait", "x"}).exit_code == EX_USAGE);
}

}  // namespace fit_outputs_test
