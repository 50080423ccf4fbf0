// balse tag: what lies beside its output, and what must not be lost.

#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sysexits.h>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/tag_support.hpp"
#include "support/skipped.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace tag_outputs_test {
namespace {

namespace fs = std::filesystem;

const std::string kTable = "item,tag,weight\nx,years of work,1.000000\n";

/// Posters, of which the first `good` can be read.
void fill(const TagSetup& setup, int good, int broken) {
  for (int item = 0; item < good + broken; ++item) {
    if (item < good) {
      setup.add_poster(std::to_string(item), static_cast<std::uint64_t>(item));
    } else {
      setup.folder().write("posters/" + std::to_string(item) + ".png", "no image");
    }
  }
}

/// Nothing of a run lies beside its output.
void check_tidy(const std::string& output) {
  CHECK(!fs::exists(fs::symlink_status(output + ".lock")));
  CHECK(!fs::exists(fs::symlink_status(output + ".partial")));
}

}  // namespace

TEST_CASE("a run that could tag nothing leaves the old table alone", "[cli][tag]") {
  const TagSetup setup;
  fill(setup, 0, 2);
  const std::string output = setup.folder().write("tags.csv", kTable);
  const std::string failures = setup.path("failures.csv");
  const std::string list = setup.folder().write("list.csv", "item,path\na,/nowhere/a.png\n");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {setup.posters(), "--output", output},
           {setup.posters(), "--output", output, "--format", "jsonl"},
           {setup.posters(), "--output", output, "--format", "npz"},
           {setup.posters(), "--output", output, "--failures", failures},
           {setup.posters(), "--update", output},
           {"--list", list, "--output", output},
           {setup.posters(), "--output", setup.path("new.csv")}}) {
    INFO(words[1] << " " << words[2]);
    const Outcome outcome = setup.run(words);
    CHECK(outcome.exit_code == EX_DATAERR);
    CHECK_THAT(outcome.err, Contains("is left as it was: no poster could be tagged"));
    CHECK(read_file(output) == kTable);
    check_tidy(output);
    CHECK(!fs::exists(setup.path("new.csv")));
  }
  CHECK_THAT(read_file(failures), Contains("\n0,") && Contains("\n1,"));
}

TEST_CASE("rows of other settings outlive a night without a picture", "[cli][tag]") {
  const TagSetup setup;
  fill(setup, 2, 0);
  const std::string output = setup.path("tags.csv");
  REQUIRE(setup.run({setup.posters(), "--threshold", "0", "--update", output}).exit_code == EX_OK);
  const std::string table = read_file(output);
  const std::string state = read_file(output + ".posters");
  for (const char* name : {"posters/0.png", "posters/1.png"}) {
    setup.folder().write(name, "the disk is broken");
  }
  for (const char* threshold : {"0", "0.001"}) {
    CHECK(setup.run({setup.posters(), "--threshold", threshold, "--update", output}).exit_code ==
          EX_DATAERR);
    CHECK(read_file(output) == table);
    CHECK(read_file(output + ".posters") == state);
  }
  // One that is as it was is enough.
  fs::remove(setup.path("posters/0.png"));
  setup.add_poster("2", 2);
  CHECK(setup.run({setup.posters(), "--threshold", "0", "--update", output}).exit_code == EX_OK);
}

TEST_CASE("what is no file of balse tag beside the output stays as it is", "[cli][tag]") {
  const TagSetup setup;
  fill(setup, 2, 0);
  const std::string output = setup.folder().write("tags.csv", kTable);
  setup.folder().write("victim", "somebody else's");
  for (const char* ending : {".partial", ".posters", ".lock"}) {
    const std::string beside = output + ending;
    for (const char* kind : {"file", "link", "dangling link", "pipe"}) {
      INFO(ending << ", a " << kind);
      const bool is_link = std::string(kind).find("link") != std::string::npos;
      if (std::string(kind) == "file") {
        setup.folder().write("tags.csv" + std::string(ending), "my own notes");
      } else if (std::string(kind) == "pipe") {
        REQUIRE(::mkfifo(beside.c_str(), 0600) == 0);
      } else {
        fs::create_symlink(std::string(kind) == "link" ? "victim" : "absent", beside);
      }
      const Outcome outcome =
          setup.run_in_shell("timeout 60", {setup.posters(), "--update", output});
      CHECK(outcome.exit_code == EX_CANTCREAT);
      CHECK_THAT(outcome.err, Contains(ending) && !Contains("posters tagged"));
      CHECK(read_file(output) == kTable);
      CHECK(fs::is_symlink(beside) == is_link);
      CHECK(fs::exists(fs::symlink_status(beside)));
      if (std::string(kind) == "file") {
        CHECK(read_file(beside) == "my own notes");
      }
      // Whoever does not ask for a state need not care what is there.
      if (std::string(ending) == ".posters") {
        const Outcome written =
            setup.run_in_shell("timeout 60", {setup.posters(), "--output", output});
        CHECK(written.exit_code == EX_OK);
        CHECK(fs::exists(fs::symlink_status(beside)));
        setup.folder().write("tags.csv", kTable);
      }
      fs::remove(beside);
    }
  }
  CHECK(read_file(setup.path("victim")) == "somebody else's");
  CHECK(!fs::exists(setup.path("absent")));
}

TEST_CASE("the state is as closed as its table, which loses its set-id bits", "[cli][tag]") {
  const TagSetup setup;
  fill(setup, 1, 0);
  const std::string output = setup.folder().write("tags.csv", kTable);
  REQUIRE(::chmod(output.c_str(), 04600) == 0);
  REQUIRE(setup.run({setup.posters(), "--update", output}).exit_code == EX_OK);
  for (const std::string& path : {output, output + ".posters"}) {
    struct stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
  }
}

TEST_CASE("names are as long as what lies beside them allows", "[cli][tag]") {
  const TagSetup setup;
  fill(setup, 1, 0);
  for (const std::size_t length : {240U, 247U}) {
    const std::string output = setup.path(std::string(length, 'n'));
    for (int night = 0; night < 2; ++night) {
      CHECK(setup.run({setup.posters(), "--update", output}).exit_code == EX_OK);
      check_tidy(output);
      CHECK(fs::exists(output + ".posters"));
    }
  }
  const std::string output = setup.path(std::string(248, 'n'));
  const Outcome outcome = setup.run({setup.posters(), "--update", output});
  CHECK(outcome.exit_code == EX_CANTCREAT);
  CHECK_THAT(outcome.err, Contains("name is too long") && !Contains("posters tagged"));
  CHECK(!fs::exists(output + ".lock"));
}

TEST_CASE("tags go to pipes, devices and open files as to standard output", "[cli][tag]") {
  const TagSetup setup;
  fill(setup, 2, 0);
  const std::string pipe = setup.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const char* format : {"csv", "jsonl", "npz"}) {
    const std::vector<std::string> words = {setup.posters(), "--threshold", "0", "--format",
                                            format};
    const std::string expected = setup.run_in_shell("", words, "| cat").out;
    CHECK(!expected.empty());
    std::vector<std::string> to_pipe = words;
    to_pipe.insert(to_pipe.end(), {"--output", pipe});
    CHECK(setup.run_in_shell("timeout 60 cat '" + pipe + "' & timeout 60", to_pipe, "; wait").out ==
          expected);
    CHECK(fs::is_fifo(pipe));
    check_tidy(pipe);
  }
  CHECK(setup.run({setup.posters(), "--output", "/dev/full"}).exit_code == EX_IOERR);
  CHECK(!fs::exists("/dev/full.lock"));
  for (const char* option : {"--update", "--convert"}) {
    std::vector<std::string> words = {option, pipe};
    if (std::string(option) == "--update") {
      words.insert(words.begin(), setup.posters());
    }
    CHECK(setup.run_in_shell("timeout 60", words).exit_code == EX_CANTCREAT);
  }
}

TEST_CASE("failures go to standard output, where the tags do not", "[cli][tag]") {
  const TagSetup setup;
  fill(setup, 1, 1);
  const Outcome outcome =
      setup.run({setup.posters(), "--failures", "-", "--output", setup.path("tags.csv")});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.out, Contains("item,path,reason\n1,"));
  CHECK(setup.run({setup.posters(), "--failures", "-"}).exit_code == EX_USAGE);
}

TEST_CASE("without /proc the modules are those of the program, not of the current folder",
          "[cli][tag]") {
  // Neither in every container nor with every sanitizer.
  const std::string version = "mount -t tmpfs none /proc && exec '" BALSE_PROGRAM "' --version";
  if (run_command("unshare", {"-m", "sh", "-c", version}).exit_code != 0) {
    skipped("/proc cannot be taken away here");
    return;
  }
  const TagSetup setup;
  fill(setup, 1, 0);
  const std::string program = BALSE_PROGRAM;
  const std::size_t slash = program.rfind('/');
  const auto run = [&](const std::vector<std::string>& words) {
    std::vector<std::string> all = {"-m", "sh", "-c",
                                    "mount -t tmpfs none /proc && cd '" + program.substr(0, slash) +
                                        "' && exec ./" + program.substr(slash + 1) + " \"$@\"",
                                    "sh"};
    all.insert(all.end(), words.begin(), words.end());
    return run_command("unshare", all);
  };
  const std::string drawn = setup.path("drawn");
  CHECK(run({"synth", "--output", drawn, "--posters", "--users", "5", "--items", "6", "--ratings",
             "10", "--poster-share", "1"})
            .exit_code == EX_OK);
  CHECK(fs::exists(drawn + "/posters/0.jpg"));
  // OpenCV goes without, LibTorch does not.
  const std::string output = setup.folder().write("tags.csv", kTable);
  const Outcome outcome = run(setup.command({setup.posters(), "--output", output}));
  CHECK(outcome.exit_code == EX_NOINPUT);
  CHECK_THAT(outcome.err, Contains("/proc/cpuinfo: cannot be read") && Contains("mounting /proc"));
  CHECK(read_file(output) == kTable);
  check_tidy(output);
}

}  // namespace tag_outputs_test
