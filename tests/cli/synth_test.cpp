#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

std::vector<std::string> small(const std::string& folder,
                               const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"synth", "--output",  folder, "--users", "20", "--items",
                                        "30",    "--ratings", "200",  "--tags",  "10"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::vector<std::string> drawn(const std::string& folder,
                               const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"synth", "--output", folder, "--posters", "--users",
                                        "20",    "--items",  "30",   "--ratings", "200"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string all_files(const std::string& folder) {
  return read_file(folder + "/ratings.csv") + read_file(folder + "/tags.csv") +
         read_file(folder + "/works.csv");
}

}  // namespace

TEST_CASE("synth makes its folder and writes three files and nothing to stdout", "[cli][synth]") {
  const TemporaryFolder temporary;
  const std::string folder = temporary.path("new/folder");
  const Outcome outcome = run_balse(small(folder));
  CHECK(outcome.exit_code == EX_OK);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err, Contains("200 ratings by 20 users of 30 items"));

  CHECK_THAT(read_file(folder + "/ratings.csv"), StartsWith("user,item,rating\n0,"));
  CHECK_THAT(read_file(folder + "/tags.csv"), StartsWith("item,tag,weight\n"));
  CHECK_THAT(read_file(folder + "/works.csv"), StartsWith("item,title\n0,"));
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) {
    ++files;
  }
  CHECK(files == 3);  // no temporary file is left
}

TEST_CASE("synth is decided by its seed, over whatever was there", "[cli][synth]") {
  const TemporaryFolder temporary;
  const std::string one = temporary.path("one");
  const std::string two = temporary.path("two");
  REQUIRE(run_balse(small(one, {"--seed", "7"})).exit_code == EX_OK);
  REQUIRE(run_balse(small(two, {"--seed", "8"})).exit_code == EX_OK);
  CHECK(all_files(one) != all_files(two));
  REQUIRE(run_balse(small(two, {"--seed", "7", "--force"})).exit_code == EX_OK);
  CHECK(all_files(one) == all_files(two));
}

TEST_CASE("synth replaces nobody's files without --force", "[cli][synth]") {
  for (const char* name : {"ratings.csv", "tags.csv", "works.csv"}) {
    const TemporaryFolder temporary;
    temporary.write(name, "years of ratings\n");
    const Outcome outcome = run_balse(small(temporary.path()));
    CHECK(outcome.exit_code == EX_CANTCREAT);
    CHECK_THAT(outcome.err, Contains(name) && Contains("--force"));
    CHECK(read_file(temporary.path(name)) == "years of ratings\n");
    CHECK(std::distance(std::filesystem::directory_iterator(temporary.path()), {}) == 1);
    REQUIRE(run_balse(small(temporary.path(), {"--force"})).exit_code == EX_OK);
    CHECK(read_file(temporary.path(name)) != "years of ratings\n");
  }
}

TEST_CASE("synth --posters replaces nobody's posters without --force", "[cli][synth][tag]") {
  for (const char* name : {"truth.csv", "posters/1.jpg"}) {
    const TemporaryFolder temporary;
    std::filesystem::create_directory(temporary.path("posters"));
    temporary.write(name, "a picture");
    const Outcome outcome = run_balse(drawn(temporary.path(), {"--poster-share", "1"}));
    CHECK(outcome.exit_code == EX_CANTCREAT);
    CHECK_THAT(outcome.err, Contains("--force"));
    CHECK(read_file(temporary.path(name)) == "a picture");
    CHECK(!std::filesystem::exists(temporary.path("ratings.csv")));
    REQUIRE(run_balse(drawn(temporary.path(), {"--poster-share", "1", "--force"})).exit_code ==
            EX_OK);
    CHECK(read_file(temporary.path(name)) != "a picture");
  }
}

TEST_CASE("synth --numeric writes the paper's values", "[cli][synth]") {
  const TemporaryFolder temporary;
  REQUIRE(run_balse(small(temporary.path(), {"--numeric"})).exit_code == EX_OK);
  const std::string ratings = read_file(temporary.path("ratings.csv"));
  CHECK_THAT(ratings, Contains(",-0.5\n") && Contains(",2\n"));
  CHECK_THAT(ratings, !Contains("like") && !Contains("see"));
}

TEST_CASE("synth --posters draws what truth.csv says", "[cli][synth][tag]") {
  const TemporaryFolder temporary;
  const std::string one = temporary.path("one");
  const std::string two = temporary.path("two");
  const Outcome outcome = run_balse(drawn(one, {"--poster-share", "0.8"}));
  REQUIRE(outcome.exit_code == EX_OK);
  CHECK(outcome.out.empty());
  CHECK_FALSE(std::filesystem::exists(one + "/tags.csv"));

  // A poster for every item of truth.csv, and for no other.
  std::set<std::string> tagged;
  std::istringstream truth(read_file(one + "/truth.csv"));
  std::string line;
  std::getline(truth, line);
  CHECK(line == "item,tag,weight");
  while (std::getline(truth, line)) {
    CHECK(line.ends_with(",1.000"));
    tagged.insert(line.substr(0, line.find(',')) + ".jpg");
  }
  CHECK(tagged.size() == 24);
  std::set<std::string> drawn_files;
  for (const auto& entry : std::filesystem::directory_iterator(one + "/posters")) {
    drawn_files.insert(entry.path().filename().string());
    const std::string bytes = read_file(entry.path().string());
    CHECK_THAT(bytes, StartsWith("\xff\xd8\xff"));
    CHECK_THAT(bytes, EndsWith("\xff\xd9"));
    CHECK(bytes.size() > 3000);
    CHECK(bytes.size() < 40000);
  }
  CHECK(drawn_files == tagged);

  // The same again, over what is there, and elsewhere.
  for (const std::string& folder : {one, two}) {
    REQUIRE(run_balse(drawn(folder, {"--poster-share", "0.8", "--force"})).exit_code == EX_OK);
  }
  std::vector<std::string> names(tagged.begin(), tagged.end());
  std::transform(names.begin(), names.end(), names.begin(),
                 [](const std::string& name) { return "posters/" + name; });
  names.insert(names.end(), {"ratings.csv", "truth.csv", "works.csv"});
  for (const std::string& name : names) {
    INFO(name);
    const bool same = read_file(one + '/' + name) == read_file(two + '/' + name);
    CHECK(same);
  }
}

TEST_CASE("synth --posters refuses what would be mixed up", "[cli][synth][tag]") {
  const TemporaryFolder temporary;
  SECTION("tags of both kinds") {
    const Outcome outcome = run_balse(drawn(temporary.path("x"), {"--tags", "10"}));
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK_THAT(outcome.err, Contains("--tags excludes --posters"));
    CHECK_FALSE(std::filesystem::exists(temporary.path("x")));
  }
  SECTION("posters of another data set") {
    const std::string folder = temporary.path("x");
    REQUIRE(run_balse(drawn(folder, {"--poster-share", "0.5"})).exit_code == EX_OK);
    const std::string before = read_file(folder + "/ratings.csv");
    const Outcome outcome =
        run_balse(drawn(folder, {"--poster-share", "0.5", "--seed", "9", "--force"}));
    CHECK(outcome.exit_code == EX_CANTCREAT);
    CHECK_THAT(outcome.err, Contains("posters: holds \"") && Contains("an empty folder"));
    CHECK(read_file(folder + "/ratings.csv") == before);
  }
  SECTION("a file where the folder should be") {
    temporary.write("posters", "");
    const Outcome outcome = run_balse(drawn(temporary.path()));
    CHECK(outcome.exit_code == EX_CANTCREAT);
    CHECK_THAT(outcome.err, Contains("/posters: cannot be made"));
  }
}

TEST_CASE("synth says what is wrong", "[cli][synth]") {
  const TemporaryFolder temporary;
  SECTION("options that make no sense") {
    const Outcome outcome = run_balse(small(temporary.path("x"), {"--content", "1.5"}));
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK_THAT(outcome.err, Contains("the strength of content must be between 0 and 1"));
    CHECK_FALSE(std::filesystem::exists(temporary.path("x")));
  }
  SECTION("a number that is none") {
    CHECK(run_balse(small(temporary.path("x"), {"--seed", "many"})).exit_code == EX_USAGE);
  }
  SECTION("no folder") {
    CHECK(run_balse({"synth"}).exit_code == EX_USAGE);
  }
  SECTION("a folder that cannot be made") {
    temporary.write("file", "");
    const Outcome outcome = run_balse(small(temporary.path("file/folder")));
    CHECK(outcome.exit_code == EX_CANTCREAT);
    CHECK_THAT(outcome.err, Contains("file/folder: cannot be made"));
  }
}

TEST_CASE("synth --help shows an example and every default", "[cli][synth]") {
  const Outcome outcome = run_balse({"synth", "--help"});
  CHECK(outcome.exit_code == EX_OK);
  for (const char* text :
       {"2079", "9979", "334390", "503", "0.8", "0.65", "balse synth --output synthetic"}) {
    CHECK_THAT(outcome.out, Contains(text));
  }
}

TEST_CASE("the demo data set is what the command in its README makes", "[cli][synth][demo]") {
  const std::string demo = std::string(BALSE_SOURCE_DIR) + "/data/demo";
  const std::string readme = read_file(demo + "/README.md");
  const std::string start = "balse synth --output data/demo ";
  const std::size_t at = readme.find(start);
  REQUIRE(at != std::string::npos);
  const std::size_t options = at + start.size();

  const TemporaryFolder temporary;
  std::vector<std::string> arguments = {"synth", "--output", temporary.path()};
  std::istringstream words(readme.substr(options, readme.find('\n', at) - options));
  for (std::string word; words >> word;) {
    arguments.push_back(word);
  }
  REQUIRE(run_balse(arguments).exit_code == EX_OK);
  for (const char* name : {"ratings.csv", "tags.csv", "works.csv"}) {
    INFO(name);
    // Not CHECK(a == b): Catch would print both files.
    const bool same = read_file(temporary.path(name)) == read_file(demo + '/' + name);
    CHECK(same);
  }
}
