// What may be named as an output, and what happens to what is there.

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/tag_support.hpp"
#include "support/skipped.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace outputs_test {
namespace {

namespace fs = std::filesystem;

const std::string kProgram = BALSE_PROGRAM;
const std::string kRatings = std::string(BALSE_SOURCE_DIR) + "/data/demo/ratings.csv";

/// A shell's words, in a folder; a pipe that nobody reads must not hold up the tests.
Outcome in_folder(const std::string& folder, const std::string& words) {
  return run_command("timeout", {"60", "sh", "-c", "cd '" + folder + "' && " + words});
}

/// Links as /dev/stdout and /dev/stderr are: as root, a test that fails may replace its links.
void add_standard_links(const TemporaryFolder& folder) {
  fs::create_symlink("/proc/self/fd/1", folder.path("stdout"));
  fs::create_symlink("/proc/self/fd/2", folder.path("stderr"));
}

std::string eval(const std::string& options) {
  return kProgram + " eval " + kRatings + " --fold-count 2 " + options + " 2>err";
}
std::string fit(const std::string& options) {
  return kProgram + " fit " + kRatings + " " + options;
}

/// A folder with a model of the demo's ratings, in which commands can be run.
struct Site {
  Site() { REQUIRE(run("fit '" + kRatings + "' --model model").exit_code == EX_OK); }
  Outcome run(const std::string& words) const {
    return in_folder(folder.path(), kProgram + " " + words);
  }
  bool exists(const std::string& name) const { return fs::exists(folder.path(name)); }
  std::string read(const std::string& name) const { return read_file(folder.path(name)); }

  TemporaryFolder folder;
};

std::vector<std::string> names_in(const TemporaryFolder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

}  // namespace

TEST_CASE("two outputs of one name are refused before there is a file", "[cli][outputs]") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path("deep"));
  fs::create_symlink("there", folder.path("link"));
  for (const std::string& words :
       {fit("--model o --report ./o"), fit("--model o --report deep/../o"),
        fit("--model there --report link"), fit("--model link --report there"),
        fit("--model o --report ./o.lock"), fit("--model o --lock l --report ./l"),
        kProgram + " eval " + kRatings + " --output x --predictions ./x",
        kProgram + " eval " + kRatings + " --write-folds deep/x --predictions deep/../deep/x"}) {
    INFO(words);
    const Outcome outcome = in_folder(folder.path(), words);
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK_THAT(outcome.err, Contains("would replace the file that --"));
    CHECK(names_in(folder).size() == 2);
  }
}

TEST_CASE("standard output takes one result", "[cli][outputs]") {
  const TemporaryFolder folder;
  add_standard_links(folder);
  for (const char* const options :
       {"--predictions -", "--output - --predictions -", "--predictions stdout",
        "--write-folds - --predictions - --output table", "--predictions rows > rows",
        "--predictions stderr > rows 2>&1"}) {
    INFO(options);
    CHECK(in_folder(folder.path(), kProgram + " eval " + kRatings + " " + options).exit_code ==
          EX_USAGE);
    CHECK(!fs::exists(folder.path("-")));
    CHECK(!fs::exists(folder.path("table")));
  }
  folder.write("pairs.csv", "user,item\n0,1\n");
  const Site site;
  const std::string endless = " predict --model '" + site.folder.path("model") + "' pairs.csv";
  CHECK(in_folder(folder.path(), kProgram + endless + " >> pairs.csv").exit_code == EX_USAGE);
  CHECK(in_folder(folder.path(), kProgram + endless + " --output /dev/null").exit_code == EX_OK);
}

TEST_CASE("- is standard output wherever a file is named", "[cli][outputs]") {
  const Site site;
  const std::string& folder = site.folder.path();
  const std::string table = in_folder(folder, eval("")).out;
  CHECK_THAT(table, Contains("RMSE"));
  CHECK(in_folder(folder, eval("--output -")).out == table);
  CHECK_THAT(in_folder(folder, eval("--predictions - --output table")).out,
             StartsWith("fold,user,item,rating,"));
  CHECK(site.read("table") == table);
  REQUIRE(in_folder(folder, eval("--predictions rows --write-folds folds")).exit_code == EX_OK);
  CHECK(in_folder(folder, eval("--predictions - --output table")).out == site.read("rows"));
  CHECK(in_folder(folder, eval("--write-folds - --output table")).out == site.read("folds"));
  CHECK_THAT(site.run("fit '" + kRatings + "' --model new --report -").out, StartsWith("{"));
  const std::string pairs = site.folder.write("pairs.csv", "user,item\n0,1\n2,3\n");
  for (const char* const command :
       {"predict --model model pairs.csv", "recommend --model model --user 0"}) {
    const std::string words = command;
    const std::string out = site.run(words).out;
    CHECK(!out.empty());
    CHECK(site.run(words + " --output -").out == out);
    REQUIRE(site.run(words + " --output ./-").out.empty());  // a file of that name, if it must be
    CHECK(site.read("-") == out);
    fs::remove(site.folder.path("-"));
  }
}

TEST_CASE("- is refused where a file it must be", "[cli][outputs]") {
  const TemporaryFolder folder;
  for (const std::string& words :
       {fit("--model -"), fit("--model model --lock -"), kProgram + " synth --output -"}) {
    INFO(words);
    const Outcome outcome = in_folder(folder.path(), words);
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK_THAT(outcome.err, Contains("expected the name of a file") || Contains("./-"));
    CHECK(names_in(folder).empty());
  }
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  add_standard_links(folder);
  for (const char* path : {"stdout", "pipe"}) {
    CHECK(in_folder(folder.path(), fit("--model ") + path).exit_code == EX_CANTCREAT);
    CHECK(names_in(folder).size() == 3);
  }
}

TEST_CASE("devices, pipes and links to open files are written to", "[cli][outputs]") {
  const Site site;
  const std::string& folder = site.folder.path();
  site.folder.write("pairs.csv", "user,item\n0,1\n2,3\n");
  const std::string predict = kProgram + " predict --model model pairs.csv ";
  const std::string expected = in_folder(folder, predict).out;
  CHECK(in_folder(folder, predict + "--output /dev/full").exit_code == EX_IOERR);
  CHECK(
      in_folder(folder, "mkfifo pipe && { " + predict + "--output pipe & cat pipe; wait; }").out ==
      expected);
  CHECK(fs::is_fifo(folder + "/pipe"));
  if (!fs::exists("/proc/self/fd")) {
    skipped("/proc is not mounted");
    return;
  }
  fs::create_symlink("/proc/self/fd/1", folder + "/out");
  REQUIRE(in_folder(folder, "echo before > file; " + predict + "--output out >> file").exit_code ==
          EX_OK);
  CHECK(site.read("file") == "before\n" + expected);
  CHECK(in_folder(folder, predict + "--output out | cat").out == expected);
  // Without a name any more.
  CHECK(in_folder(folder, "exec 3>&1 >gone; rm gone; " + predict +
                              "--output out && cat /proc/self/fd/1 >&3; ls")
            .exit_code == EX_OK);
  CHECK(!site.exists("gone"));
  CHECK(fs::is_symlink(folder + "/out"));
  CHECK(fs::read_symlink(folder + "/out") == "/proc/self/fd/1");
}

TEST_CASE("a link to where no file is yet is followed", "[cli][outputs]") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path("big"));
  for (const char* name : {"model", "report", "table", "rows", "folds"}) {
    fs::create_symlink(std::string("big/") + name, folder.path(name));
  }
  REQUIRE(in_folder(folder.path(), fit("--model model --report report")).exit_code == EX_OK);
  REQUIRE(in_folder(folder.path(), eval("--output table --predictions rows --write-folds folds"))
              .exit_code == EX_OK);
  for (const char* name : {"model", "report", "table", "rows", "folds"}) {
    INFO(name);
    CHECK(fs::is_symlink(folder.path(name)));
    CHECK(fs::file_size(folder.path(std::string("big/") + name)) > 0);
  }
}

TEST_CASE("signals that end fit leave no lock and no file", "[cli][outputs]") {
  const TemporaryFolder folder;
  const std::string pipe = folder.path("ratings");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int open_end = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);  // nobody ever writes to it
  REQUIRE(open_end >= 0);
  rlimit cores = {};
  ::getrlimit(RLIMIT_CORE, &cores);
  const rlimit none = {0, cores.rlim_max};
  ::setrlimit(RLIMIT_CORE, &none);
  const std::string model = folder.path("model");
  for (const int signal : {SIGINT, SIGQUIT, SIGXCPU, SIGALRM, SIGUSR1}) {
    INFO(signal);
    BackgroundProgram program({"fit", pipe, "--model", model});
    REQUIRE(wait_for([&] { return fs::exists(model + ".lock"); }));
    CHECK(program.end(signal));
    CHECK(!fs::exists(model + ".lock"));
    CHECK(names_in(folder).size() == 1);
  }
  ::setrlimit(RLIMIT_CORE, &cores);
  ::close(open_end);
}

}  // namespace outputs_test
