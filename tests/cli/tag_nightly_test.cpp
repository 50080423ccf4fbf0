// balse tag: runs that are killed, and runs night after night.

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/tag_support.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace tag_nightly_test {
namespace {

namespace fs = std::filesystem;

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// The rows of an item.
std::string rows_of(const std::string& csv, const std::string& item) {
  std::string rows;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t end = csv.find('\n', at) + 1;
    if (csv.compare(at, item.size() + 1, item + ",") == 0) {
      rows += csv.substr(at, end - at);
    }
    at = end;
  }
  return rows;
}

/// Words of `err` on how many posters were tagged, such as "2 posters tagged".
auto tagged(std::size_t count) {
  return Contains(" " + std::to_string(count) + " posters tagged");
}

/// No more than the result and what belongs beside it.
void check_tidy(const std::string& output, bool updated) {
  CHECK(!fs::exists(output + ".lock"));
  CHECK(!fs::exists(output + ".partial"));
  CHECK(fs::exists(output + ".posters") == updated);
}

}  // namespace

TEST_CASE("an output file is what standard output would be", "[cli][tag]") {
  const TagSetup setup;
  setup.add_poster("1", 1);
  setup.add_poster("2", 2);
  const std::string output = setup.path("tags.csv");
  for (const char* format : {"csv", "jsonl"}) {
    const Outcome outcome =
        setup.run({setup.posters(), "--threshold", "0", "--format", format, "--output", output});
    CHECK(outcome.exit_code == EX_OK);
    CHECK(outcome.out.empty());
    CHECK(read_file(output) ==
          setup.run({setup.posters(), "--threshold", "0", "--format", format}).out);
    check_tidy(output, false);
  }
}

TEST_CASE("night after night only what is new or changed is tagged", "[cli][tag]") {
  const TagSetup setup;
  const std::string output = setup.path("tags.csv");
  const auto update = [&](const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {setup.posters(), "--threshold", "0", "--update", output};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = setup.run(words);
    CHECK(outcome.exit_code == EX_OK);
    check_tidy(output, true);
    return outcome;
  };
  for (const char* item : {"1", "2", "3"}) {
    setup.add_poster(item, static_cast<std::uint64_t>(*item));
  }
  CHECK_THAT(update().err, tagged(3));
  const std::string first = read_file(output);
  CHECK(first == setup.run({setup.posters(), "--threshold", "0"}).out);

  // Nothing has changed.
  CHECK_THAT(update().err, tagged(0) && Contains("3 of 3 posters are unchanged"));
  CHECK(read_file(output) == first);

  // One new, one rewritten, one gone.
  setup.add_poster("0", 100);
  setup.add_poster("2", 200, 17);
  fs::remove(setup.path("posters/3.png"));
  CHECK_THAT(update().err, tagged(2) && Contains("1 of 3 posters are unchanged"));
  const std::string second = read_file(output);
  CHECK(rows_of(second, "1") == rows_of(first, "1"));
  CHECK(rows_of(second, "3") == rows_of(first, "3"));
  CHECK(rows_of(second, "2") != rows_of(first, "2"));
  CHECK(lines(rows_of(second, "2")) == 2);
  CHECK(lines(rows_of(second, "0")) == 2);
  CHECK(second.find("0,") > second.find("3,"));  // what is new comes last
  const std::string alone = setup.run({setup.path("posters/2.png"), "--threshold", "0"}).out;
  CHECK(rows_of(second, "2") == rows_of(alone, "2"));

  // Touched, so perhaps another picture; the same bytes give the same rows.
  fs::last_write_time(setup.path("posters/1.png"), fs::file_time_type::clock::now());
  CHECK_THAT(update().err, tagged(1));
  CHECK(read_file(output) == second);

  // A poster that breaks keeps its rows, and is tried again every night.
  setup.folder().write("posters/1.png", "no image");
  for (int night = 0; night < 2; ++night) {
    CHECK_THAT(update().err, tagged(0) && Contains("1 failed"));
    CHECK(read_file(output) == second);
  }
}

TEST_CASE("other settings or weights tag everything again", "[cli][tag]") {
  const TagSetup setup;
  const std::string output = setup.path("tags.csv");
  setup.add_poster("1", 1);
  setup.add_poster("2", 2);
  const auto update = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {setup.posters(), "--update", output};
    words.insert(words.end(), more.begin(), more.end());
    return setup.run(words).err;
  };
  CHECK_THAT(update({"--threshold", "0"}), tagged(2));
  CHECK_THAT(update({"--threshold", "0", "--batch", "1"}), tagged(0));
  CHECK_THAT(update({"--threshold", "0.001"}), tagged(2) && Contains("all posters are tagged"));
  CHECK_THAT(update({"--threshold", "0.001", "--category", "all"}), tagged(2));
  CHECK(lines(read_file(output)) > 3);
  const std::string tags = setup.folder().write("tags.json", R"(["a", "b", "c", "d", "e"])");
  CHECK_THAT(update({"--threshold", "0.001", "--tags", tags}), tagged(2));
  CHECK_THAT(read_file(output), Contains("1,a,") && !Contains("long hair"));
  setup.folder().write("tagger.caffemodel",
                       balse::caffemodel_bytes(sample_tagger(4, 5, 99), balse::CaffeEncoding::v2));
  CHECK_THAT(update({"--threshold", "0.001", "--tags", tags}), tagged(2));
}

TEST_CASE("a poster without tags is tagged once", "[cli][tag]") {
  const TagSetup setup;
  setup.add_poster("1", 1);
  const std::string output = setup.path("tags.csv");
  const auto update = [&] {
    return setup.run({setup.posters(), "--threshold", "1", "--update", output});
  };
  CHECK_THAT(update().err, tagged(1));
  CHECK(read_file(output) == "item,tag,weight\n");
  CHECK_THAT(update().err, tagged(0));
}

TEST_CASE("a tag file of another hand is completed", "[cli][tag]") {
  const TagSetup setup;
  setup.add_poster("1", 1);
  setup.add_poster("2", 2);
  const std::string output =
      setup.folder().write("tags.csv", "item,tag,weight\n1,by hand,0.5\nx,y,1\n");
  const Outcome outcome = setup.run({setup.posters(), "--threshold", "0", "--update", output});
  CHECK_THAT(outcome.err, tagged(1));
  const std::string csv = read_file(output);
  CHECK(rows_of(csv, "1") == "1,by hand,0.500000\n");
  CHECK(rows_of(csv, "x") == "x,y,1.000000\n");
  CHECK(lines(rows_of(csv, "2")) == 2);
  CHECK_THAT(setup.run({setup.posters(), "--threshold", "0", "--update", output}).err, tagged(0));
}

TEST_CASE("a file that was written anew meanwhile does not lose posters", "[cli][tag]") {
  const TagSetup setup;
  setup.add_poster("1", 1);
  setup.add_poster("2", 2);
  const std::string output = setup.path("tags.csv");
  const std::vector<std::string> update = {setup.posters(), "--threshold", "0", "--update", output};
  REQUIRE(setup.run(update).exit_code == EX_OK);
  const std::string both = read_file(output);
  REQUIRE(
      setup.run({setup.path("posters/1.png"), "--threshold", "0", "--output", output}).exit_code ==
      EX_OK);
  CHECK(rows_of(read_file(output), "2").empty());
  CHECK_THAT(setup.run(update).err, tagged(1));
  CHECK(read_file(output) == both);
}

TEST_CASE("a run that was killed goes on where it was", "[cli][tag]") {
  const TagSetup setup;
  constexpr std::size_t kPosters = 300;
  for (std::size_t k = 0; k < kPosters; ++k) {
    setup.add_poster(std::to_string(k), k, 60);
  }
  const std::string output = setup.path("tags.csv");
  const std::string journal = output + ".partial";
  const std::vector<std::string> words = {setup.posters(), "--threshold", "0", "--batch", "4",
                                          "--output",      output};
  std::size_t done = 0;
  {
    BackgroundProgram program(setup.command(words));
    REQUIRE(wait_for([&] { return fs::exists(journal) && lines(read_file(journal)) > 20; }));
    // Meanwhile nobody else writes this file.
    CHECK(setup.run(words).exit_code == EX_TEMPFAIL);
    REQUIRE(program.end(SIGKILL));
    done = lines(read_file(journal)) - 1;
  }
  CHECK(done >= 20);
  CHECK(done < kPosters);
  CHECK(!fs::exists(output));
  const Outcome second = setup.run(words);
  CHECK(second.exit_code == EX_OK);
  CHECK_THAT(second.err, tagged(kPosters - done) && Contains(std::to_string(done) + " of 300"));
  check_tidy(output, false);
  const std::string uninterrupted = setup.path("whole.csv");
  REQUIRE(
      setup.run({setup.posters(), "--threshold", "0", "--batch", "4", "--output", uninterrupted})
          .exit_code == EX_OK);
  CHECK(read_file(output) == read_file(uninterrupted));
}

TEST_CASE("a run that is interrupted leaves its journal, no output and no lock", "[cli][tag]") {
  const TagSetup setup;
  for (std::size_t k = 0; k < 300; ++k) {
    setup.add_poster(std::to_string(k), k, 60);
  }
  const std::string output = setup.path("tags.csv");
  BackgroundProgram program(setup.command({setup.posters(), "--batch", "4", "--update", output}));
  REQUIRE(wait_for([&] {
    return fs::exists(output + ".partial") && lines(read_file(output + ".partial")) > 20;
  }));
  REQUIRE(program.end(SIGTERM));
  CHECK(fs::exists(output + ".partial"));
  CHECK(!fs::exists(output));
  CHECK(!fs::exists(output + ".lock"));
  CHECK(!fs::exists(output + ".posters"));
}

}  // namespace tag_nightly_test
