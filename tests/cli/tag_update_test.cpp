// balse tag: what becomes of a file of tags that was made otherwise, and outputs that cannot be.

#include <filesystem>
#include <string>
#include <sysexits.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/tag_support.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace {

namespace fs = std::filesystem;

/// Posters 1 to 3, and a file to keep their tags in.
class Nights {
 public:
  Nights() {
    for (const char* item : {"1", "2", "3"}) {
      setup.add_poster(item, static_cast<std::uint64_t>(*item));
    }
  }
  Outcome update(const std::vector<std::string>& more) const { return run("--update", more); }
  Outcome write(const std::vector<std::string>& more) const { return run("--output", more); }
  std::string tags() const { return read_file(output); }

  TagSetup setup;
  std::string output = setup.path("tags.csv");

 private:
  Outcome run(const char* option, const std::vector<std::string>& more) const {
    std::vector<std::string> words = {setup.posters(), option, output};
    words.insert(words.end(), more.begin(), more.end());
    return setup.run(words);
  }
};

}  // namespace

TEST_CASE("--output over an updated file is known to the next --update", "[cli][tag]") {
  const Nights nights;
  REQUIRE(nights.update({"--threshold", "0"}).exit_code == EX_OK);
  const std::string all = nights.tags();
  REQUIRE(nights.write({"--threshold", "1"}).exit_code == EX_OK);
  CHECK(nights.tags() == "item,tag,weight\n");
  CHECK_THAT(nights.update({"--threshold", "0"}).err,
             Contains("3 posters tagged") && Contains("other weights, tags or options"));
  CHECK(nights.tags() == all);
  // What is no csv leaves nothing to go on with.
  REQUIRE(nights.write({"--format", "jsonl"}).exit_code == EX_OK);
  CHECK(!fs::exists(nights.output + ".posters"));
}

TEST_CASE("rows of other settings do not stay beside new ones", "[cli][tag]") {
  const Nights nights;
  REQUIRE(nights.update({"--threshold", "0"}).exit_code == EX_OK);
  const std::string by_hand = nights.tags() + "x,by hand,1.000000\n";
  nights.setup.folder().write("tags.csv", by_hand);
  fs::remove(nights.setup.path("posters/1.png"));
  nights.setup.folder().write("posters/2.png", "broken");
  const Outcome outcome = nights.update({"--threshold", "0", "--category", "rating"});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, Contains("old rows of 2 items") && Contains("are left out"));
  CHECK_THAT(nights.tags(), Contains("x,by hand,1.000000\n") && Contains("\n3,safe,"));
  CHECK_THAT(nights.tags(), !Contains("\n1,") && !Contains("\n2,") && !Contains("long hair"));
}

TEST_CASE("a file that is no tags is not replaced", "[cli][tag]") {
  const Nights nights;
  nights.setup.folder().write("tags.csv", "garbage\n");
  const Outcome outcome = nights.update({});
  CHECK(outcome.exit_code == EX_DATAERR);
  CHECK_THAT(outcome.err, Contains("moving the file away") && !Contains("--skip-bad-rows"));
  CHECK(nights.tags() == "garbage\n");
  CHECK(!fs::exists(nights.output + ".partial"));
  for (const char* nothing : {"", "item,tag,weight\n"}) {
    nights.setup.folder().write("tags.csv", nothing);
    CHECK(nights.update({"--threshold", "0"}).exit_code == EX_OK);
    CHECK_THAT(nights.tags(), Contains("\n3,long hair,"));
  }
}

TEST_CASE("outputs may lie among the posters", "[cli][tag]") {
  const TagSetup setup;
  setup.add_poster("1", 1);
  const std::vector<std::string> words = {setup.posters(), "--strict",
                                          "--update",      setup.posters() + "/tags.csv",
                                          "--failures",    setup.posters() + "/failures.csv"};
  for (int night = 0; night < 2; ++night) {
    const Outcome outcome = setup.run(words);
    CHECK(outcome.exit_code == EX_OK);
    CHECK_THAT(outcome.err, Contains("0 failed"));
  }
}

TEST_CASE("an output by another name is the same file", "[cli][tag]") {
  const Nights nights;
  nights.setup.folder().write("tags.csv", "");
  REQUIRE(::symlink("tags.csv", nights.setup.path("link.csv").c_str()) == 0);
  REQUIRE(nights.setup
              .run({nights.setup.posters(), "--threshold", "0", "--update",
                    nights.setup.path("link.csv")})
              .exit_code == EX_OK);
  CHECK(fs::is_symlink(nights.setup.path("link.csv")));
  CHECK(!fs::exists(nights.setup.path("link.csv.posters")));
  CHECK_THAT(nights.update({"--threshold", "0"}).err, Contains("3 of 3 posters are unchanged"));
}

TEST_CASE("an output that cannot be made ends the run before its work", "[cli][tag]") {
  const Nights nights;
  for (const auto& [option, path] : std::vector<std::pair<std::string, std::string>>{
           {"--output", nights.setup.folder().path()},
           {"--output", nights.setup.path("absent/tags.csv")},
           {"--failures", nights.setup.path("absent/failures.csv")}}) {
    INFO(option << " " << path);
    const Outcome outcome = nights.setup.run({nights.setup.posters(), option, path});
    CHECK(outcome.exit_code == EX_CANTCREAT);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, !Contains("posters tagged"));
    CHECK(!fs::exists(path + ".partial"));
    CHECK(!fs::exists(path + ".lock"));
  }
}

TEST_CASE("options that make no sense are refused", "[cli][tag]") {
  const Nights nights;
  const std::string poster = nights.setup.posters();
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{"--output", ""},
                                             {"--update", "-"},
                                             {"--update", ""},
                                             {"--failures", "-"},
                                             {"--top", "0"},
                                             {"--threshold", "nan"},
                                             {"--batch", "0"}}) {
    INFO(options[0] << " " << options[1]);
    CHECK(nights.setup.run({poster, options[0], options[1]}).exit_code == EX_USAGE);
  }
}

TEST_CASE("names that a terminal must not obey are written out", "[cli][tag]") {
  const TagSetup setup;
  setup.folder().write("posters/a\x1b[2J\nb.png", "no image");
  setup.add_poster("1", 1);
  const std::string failures = setup.path("failures.csv");
  const Outcome outcome = setup.run({setup.posters(), "--failures", failures});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, !Contains("\x1b") && Contains("a\\x1b[2J\\x0ab.png"));
  CHECK_THAT(read_file(failures), !Contains("\x1b") && Contains("a\\x1b[2J\\x0ab.png"));
}
