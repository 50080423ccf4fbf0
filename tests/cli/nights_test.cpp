// Ten nights of a site, six of them with an accident: after each the model is last night's, byte
// for byte, or a new one that opens and predicts; exit code and report say which, and why.

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"
#include "support/sanitizers.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace nights_test {
namespace {

namespace fs = std::filesystem;

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";

/// A file with each row below its header changed.
template <typename Change>
std::string with_rows(const std::string& text, const Change& change) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  std::string result = line + '\n';
  while (std::getline(lines, line)) {
    result += change(line) + '\n';
  }
  return result;
}

class Nights {
 public:
  Nights() {
    folder_.write("works.csv", read_file(kData + "works.csv"));
    folder_.write("fit.toml",
                  "[fit]\ntags = \"tags.csv\"\nworks = \"works.csv\"\nmodel = \"model\"\n"
                  "warm-start = \"model\"\nreport = \"fit.json\"\nkeep = 2\n"
                  "log-file = \"fit.log\"\nquiet = true\nstrict = true\nthreads = 1\n");
    tomorrow();
  }

  /// A few more ratings than last night, and the tags as they are.
  void tomorrow() {
    ++night_;
    ratings_ = read_file(kData + "ratings.csv");
    std::size_t end = ratings_.size();
    for (int line = 0; line <= 10 * (12 - night_); ++line) {
      end = ratings_.rfind('\n', end - 1);
    }
    ratings_.resize(end + 1);
    put("ratings.csv", ratings_);
    put("tags.csv", read_file(kData + "tags.csv"));
  }
  void put(const std::string& name, const std::string& text) { folder_.write(name, text); }
  const std::string& ratings() const { return ratings_; }
  bool has_model() const { return fs::exists(folder_.path("model")); }

  Outcome run(const std::string& shell_command) const {
    return run_command("bash", {"-c", "cd '" + folder_.path() + "' || exit 96\n" + shell_command});
  }
  Outcome fit() const { return run(kFit); }

  /// A night that goes well, by whatever run.
  void good(const Outcome& outcome) {
    INFO("night " << night_ << ": " << outcome.err);
    CHECK(outcome.exit_code == EX_OK);
    const std::string now = read_file(folder_.path("model"));
    CHECK((now != model_));  // binary: not to be printed
    if (!model_.empty()) {
      CHECK((read_file(folder_.path("model.1")) == model_));
    }
    model_ = now;
    CHECK(report()["status"] == "ok");
    works();
  }

  /// A night that goes wrong.
  void bad(const Outcome& outcome, int exit_code, const std::string& why) {
    INFO("night " << night_ << ": " << outcome.err);
    CHECK(outcome.exit_code == exit_code);
    CHECK_THAT(outcome.err, Contains(why));
    CHECK((read_file(folder_.path("model")) == model_));
    CHECK(report()["status"] == "failed");
    CHECK(report()["exit_code"] == exit_code);
    CHECK_THAT(report()["reason"].get<std::string>(), Contains(why));
    CHECK_THAT(read_file(folder_.path("fit.log")), Contains(why));
    works();
  }

  static const std::string kFit;

 private:
  nlohmann::json report() const {
    return nlohmann::json::parse(read_file(folder_.path("fit.json")));
  }

  /// Opens, predicts, and nothing unfinished lies beside it.
  void works() const {
    CHECK(run(BALSE_PROGRAM " info model").exit_code == EX_OK);
    CHECK(run("echo 10,42 | " BALSE_PROGRAM " predict --model model --strict").exit_code == EX_OK);
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      static const std::vector<std::string> expected = {
          "fit.json", "fit.log", "fit.toml",    "model",    "model.1",
          "model.2",  "out",     "ratings.csv", "tags.csv", "works.csv"};
      INFO(entry.path());
      CHECK(std::find(expected.begin(), expected.end(), entry.path().filename()) != expected.end());
    }
  }

  TemporaryFolder folder_;
  std::string ratings_;
  std::string model_;
  int night_ = 0;
};

const std::string Nights::kFit = BALSE_PROGRAM " fit ratings.csv --config fit.toml";

}  // namespace

TEST_CASE("ten nights with six accidents never ruin the model", "[cli][nights]") {
  Nights nights;
  nights.good(nights.fit());

  nights.tomorrow();  // 2: half a file, cut where a row ends
  const std::string half =
      nights.ratings().substr(0, nights.ratings().find('\n', nights.ratings().size() / 2) + 1);
  nights.put("ratings.csv", half);
  nights.bad(nights.fit(), EX_DATAERR, "less (--max-shrink is 20%)");
  // The same, cut within a row.
  nights.put("ratings.csv", half.substr(0, half.size() - 4));
  nights.bad(nights.fit(), EX_DATAERR, "ratings.csv");

  nights.tomorrow();  // 3
  nights.good(nights.fit());

  nights.tomorrow();  // 4: nothing
  nights.put("ratings.csv", "");
  nights.bad(nights.fit(), EX_DATAERR, "ratings.csv: holds no ratings");

  nights.tomorrow();  // 5: columns in another order
  nights.put("ratings.csv", with_rows(nights.ratings(), [](const std::string& row) {
               const std::size_t one = row.find(',');
               const std::size_t two = row.find(',', one + 1);
               return row.substr(one + 1, two - one - 1) + ',' + row.substr(0, one) +
                      row.substr(two);
             }));
  nights.bad(nights.fit(), EX_DATAERR, "look like items");

  nights.tomorrow();  // 6
  nights.good(nights.fit());

  nights.tomorrow();  // 7: another site's tags, on numbers that items here have as well
  nights.put("tags.csv", with_rows(read_file(kData + "tags.csv"), [](const std::string& row) {
               const std::size_t tag = row.find(',') + 1;
               return row.substr(0, tag) + "their " + row.substr(tag);
             }));
  nights.bad(nights.fit(), EX_DATAERR, "of the 117 tags of tags.csv the model has none");

  nights.tomorrow();           // 8: no room on the disk
  if (!kHasThreadSanitizer) {  // its runtime has large files of its own
    // A limit on the size of files fails as a full disk does: in the middle of writing.
    nights.bad(nights.run("trap '' XFSZ; ulimit -f 100; exec " + Nights::kFit), EX_IOERR,
               "cannot be written");
  }

  nights.tomorrow();  // 9: two runs at once; the first has locked before its ratings come
  const Outcome both = nights.run(
      "(sleep 1; cat ratings.csv) | " BALSE_PROGRAM " fit - --config fit.toml & sleep 0.4; " +
      Nights::kFit + " 2>out; [ $? = 75 ] && grep -q 'another run holds this lock' out && wait $!");
  nights.good(both);

  nights.tomorrow();  // 10
  nights.good(nights.fit());
}

}  // namespace nights_test
