// What fit refuses to replace a model by.

#include <filesystem>
#include <functional>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace replacement_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";
const std::string kTags = kData + "tags.csv";
const std::string kWorks = kData + "works.csv";

constexpr const char* kTenTimes = "favorite=40,like=20,neutral=1,dislike=-20,willsee=5,wontsee=-5";

/// Rewrites the rows of a file below its header; an empty row goes away.
std::string edited(const std::string& text,
                   const std::function<std::string(const std::string&, int)>& edit) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  std::string result = line + '\n';
  for (int row = 0; std::getline(lines, line); ++row) {
    if (const std::string changed = edit(line, row); !changed.empty()) {
      result += changed + '\n';
    }
  }
  return result;
}

std::string swapped(const std::string& row) {
  const std::size_t first = row.find(',');
  const std::size_t second = row.find(',', first + 1);
  return row.substr(first + 1, second - first - 1) + ',' + row.substr(0, first) +
         row.substr(second);
}

/// A model of the demo data, and what happens when others are to replace it.
struct Site {
  TemporaryFolder folder;
  std::string ratings = read_file(kData + "ratings.csv");
  std::string model = folder.path("model");
  std::string before;

  Site() {
    REQUIRE(fit(ratings, {"--tags", kTags}).exit_code == EX_OK);
    before = read_file(model);
  }
  Outcome fit(const std::string& text, std::vector<std::string> more = {"--tags", kTags}) const {
    more.insert(more.begin(), {"fit", folder.write("ratings.csv", text), "--model", model});
    return run_balse(more);
  }
  void refused(const std::string& text, const std::string& why,
               const std::vector<std::string>& more = {"--tags", kTags}) {
    const Outcome outcome = fit(text, more);
    INFO(outcome.err);
    CHECK(outcome.exit_code == EX_DATAERR);
    CHECK_THAT(outcome.err, Contains(why) && Contains("--force") && Contains("is not replaced"));
    CHECK((read_file(model) == before));
    std::vector<std::string> forced = more;
    forced.emplace_back("--force");
    const Outcome anyway = fit(text, forced);
    CHECK(anyway.exit_code == EX_OK);
    CHECK_THAT(anyway.err, Contains("balse: warning: ") && Contains(why));
    CHECK((read_file(model) != before));
    folder.write("model", before);
  }
};

std::string every(const std::string& text, int n, bool keep) {
  return edited(text, [&](const std::string& row, int k) {
    return (k % n == 0) == keep ? row : std::string();
  });
}

}  // namespace

TEST_CASE("less than the model before had is refused", "[cli][replacement]") {
  Site site;
  site.refused(every(site.ratings, 4, false),
               "ratings.csv has 8625 ratings instead of 11500, 25% less (--max-shrink is 20%)");
  CHECK(
      site.fit(every(site.ratings, 4, false), {"--tags", kTags, "--max-shrink", "26%"}).exit_code ==
      EX_OK);
  // From there on it is what the model has.
  CHECK(site.fit(every(site.ratings, 4, false)).exit_code == EX_OK);
  site.folder.write("model", site.before);
  site.refused(every(site.ratings, 20, false),
               "ratings.csv has 10925 ratings instead of 11500, 5% less (--max-shrink is 4%)",
               {"--tags", kTags, "--max-shrink", "0.04"});
  CHECK(site.fit(every(site.ratings, 20, false)).exit_code == EX_OK);
  site.folder.write("model", site.before);
  // The first half of a file that is sorted by user has half of the users.
  site.refused(site.ratings.substr(0, site.ratings.find('\n', site.ratings.size() / 2) + 1),
               " users instead of 300");

  const std::string tags = read_file(kTags);
  const std::string few =
      site.folder.write("few.csv", tags.substr(0, tags.find('\n', tags.size() / 2) + 1));
  site.refused(site.ratings, "tagged items that are rated instead of 720", {"--tags", few});
  // Without tags it is a model of another kind: nobody cut a file short.
  CHECK(site.fit(site.ratings, {}).exit_code == EX_OK);
}

TEST_CASE("a fold's model is compared by what its file holds", "[cli][replacement]") {
  const Site site;
  const std::string folds = site.folder.path("folds.csv");
  const std::string ratings = site.folder.write("ratings.csv", site.ratings);
  REQUIRE(run_balse({"eval", ratings, "--write-folds", folds, "--models", "user-mean"}).exit_code ==
          EX_OK);
  const std::vector<std::string> fold = {"--tags", kTags, "--folds",      folds,
                                         "--fold", "0",   "--max-shrink", "0"};
  CHECK(site.fit(site.ratings, fold).exit_code == EX_OK);
  CHECK(site.fit(site.ratings, fold).exit_code == EX_OK);
  CHECK(site.fit(site.ratings, {"--tags", kTags, "--max-shrink", "0%"}).exit_code == EX_OK);
}

TEST_CASE("a model that is worse on validation is refused after training", "[cli][replacement]") {
  Site site;
  // The same rows with the values of others.
  std::vector<std::string> values;
  edited(site.ratings, [&](const std::string& row, int) {
    values.push_back(row.substr(row.rfind(',')));
    return row;
  });
  const std::string shuffled = edited(site.ratings, [&](const std::string& row, int k) {
    return row.substr(0, row.rfind(',')) +
           values[(static_cast<std::size_t>(k) * 7919) % values.size()];
  });
  site.refused(shuffled, "its validation RMSE would rise from 1.2");
  CHECK_THAT(site.fit(shuffled).err, Contains("(--max-worse is 5%)"));
  CHECK(site.fit(shuffled, {"--tags", kTags, "--max-worse", "100%"}).exit_code == EX_OK);
  // Back to the good ones it is no worse.
  CHECK(site.fit(site.ratings, {"--tags", kTags, "--max-worse", "0"}).exit_code == EX_OK);
  // Other words for numbers are another scale, and ten times the numbers are another range.
  CHECK(site.fit(shuffled, {"--tags", kTags, "--scale", kTenTimes}).exit_code == EX_OK);
  const auto numbers = [&](const char* one, const char* other) {
    return edited(shuffled, [&](const std::string& row, int k) {
      return row.substr(0, row.rfind(',') + 1) + (k % 2 == 0 ? one : other);
    });
  };
  CHECK(site.fit(numbers("1", "1.5")).exit_code == EX_OK);
  CHECK(site.fit(numbers("10", "15")).exit_code == EX_OK);
}

TEST_CASE("many rows that cannot be read are refused, with and without a model before",
          "[cli][replacement]") {
  Site site;
  const auto damaged = [&](int n) {
    return edited(site.ratings, [&](const std::string& row, int k) {
      return k % n == 1 ? row.substr(0, row.rfind(',')) + ",?" : row;
    });
  };
  const std::vector<std::string> skip = {"--tags", kTags, "--skip-bad-rows"};
  site.refused(damaged(50),
               "230 of 11500 rows of " + site.folder.path("ratings.csv") +
                   " could not be read, 2% (--max-bad-rows is 1%)",
               skip);
  CHECK(site.fit(damaged(200), skip).exit_code == EX_OK);
  CHECK(site.fit(damaged(50), {"--tags", kTags, "--skip-bad-rows", "--max-bad-rows", "0.02"})
            .exit_code == EX_OK);
  std::filesystem::remove(site.model);
  const Outcome first = site.fit(damaged(50), skip);
  CHECK(first.exit_code == EX_DATAERR);
  CHECK_THAT(first.err, Contains("is not written: 230 of 11500 rows"));
  CHECK_FALSE(std::filesystem::exists(site.model));
  const std::string tags =
      site.folder.write("t.csv", edited(read_file(kTags), [&](const std::string& row, int k) {
                          return k % 10 == 1 ? row + "x" : row;
                        }));
  CHECK_THAT(site.fit(site.ratings, {"--tags", tags, "--skip-bad-rows"}).err,
             Contains("t.csv could not be read, 10%"));
}

TEST_CASE("files that do not go together are refused", "[cli][replacement]") {
  Site site;
  const auto renamed = [](const std::string& text, bool user) {
    return edited(text, [&](const std::string& row, int) {
      return user ? "x" + row
                  : row.substr(0, row.find(',') + 1) + "x" + row.substr(row.find(',') + 1);
    });
  };
  site.refused(renamed(site.ratings, true), "of the 300 users of");
  site.refused(renamed(site.ratings, false), "of the 900 items of", {});
  site.refused(renamed(site.ratings, false), "none of its items is rated");
  const std::string tags = site.folder.write("other.csv", renamed(read_file(kTags), true));
  site.refused(site.ratings, "other.csv: none of its items is rated", {"--tags", tags});
  const std::string words = site.folder.write("words.csv", renamed(read_file(kTags), false));
  site.refused(site.ratings, "of the 117 tags of", {"--tags", words});
  const std::string works = site.folder.write("works.csv", "item,title\nx1,A\nx2,B\n");
  site.refused(site.ratings, "works.csv: none of its items is rated or tagged",
               {"--tags", kTags, "--works", works});
  // On the first night, too.
  std::filesystem::remove(site.model);
  const Outcome first = site.fit(site.ratings, {"--tags", tags});
  CHECK(first.exit_code == EX_DATAERR);
  CHECK_THAT(first.err, Contains("is not written: "));
}

TEST_CASE("swapped columns are refused", "[cli][replacement]") {
  Site site;
  const std::string turned =
      edited(site.ratings, [](const std::string& row, int) { return swapped(row); });
  site.refused(turned, "look like items, and its items like users (--columns", {});
  site.refused(turned, "look like items, and its items like users (--columns");
  CHECK(site.fit(turned, {"--tags", kTags, "--columns", "user=2,item=1"}).exit_code == EX_OK);
  std::filesystem::remove(site.model);
  // No model knows better, but the titles are those of the users.
  const Outcome first = site.fit(turned, {"--works", kWorks});
  CHECK(first.exit_code == EX_DATAERR);
  CHECK_THAT(first.err, Contains("look like items"));
}

TEST_CASE("what is no model is replaced with a warning", "[cli][replacement]") {
  const TemporaryFolder folder;
  const std::string model = folder.write("model", "yesterday's");
  const Outcome outcome =
      run_balse({"fit", kData + "ratings.csv", "--model", model, "--report", folder.path("r")});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err,
             Contains("warning: the new model was not compared with what it replaces: "));
  CHECK(nlohmann::json::parse(read_file(folder.path("r")))["warnings"].size() == 1);
}

TEST_CASE("a share is written as 20% or 0.2", "[cli][replacement]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("r.csv", "a,x,1\na,y,2\nb,x,3\n");
  const auto fit = [&](const char* option, const char* value) {
    return run_balse({"fit", ratings, "--model", folder.path("m"), option, value}).exit_code;
  };
  for (const char* option : {"--max-shrink", "--max-worse", "--max-bad-rows"}) {
    for (const char* good : {"0", "1", "0.2", "20%", "0.5%", "100%"}) {
      CHECK(fit(option, good) == EX_OK);
    }
    for (const char* bad : {"20", "-1", "-1%", "nan", "inf", "x%", "%", "20 %", "1e300%"}) {
      INFO(option << " " << bad);
      CHECK(fit(option, bad) == EX_USAGE);
    }
  }
  CHECK(fit("--max-shrink", "101%") == EX_USAGE);
  CHECK(fit("--max-worse", "150%") == EX_OK);
  CHECK_THAT(run_balse({"fit", "--print-config"}).out,
             Contains("max-shrink = \"20%\"\n") && Contains("\nforce = false\n"));
}

}  // namespace replacement_test
