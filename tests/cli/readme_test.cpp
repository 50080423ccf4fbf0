// What the README tells people to type, typed.

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace {

/// The fenced blocks of the README that are marked as `language`.
std::vector<std::string> blocks(const std::string& language) {
  const std::string text = read_file(BALSE_SOURCE_DIR "/README.md");
  const std::string fence = "\n```" + language + "\n";
  std::vector<std::string> found;
  for (std::size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    found.push_back(text.substr(at, text.find("\n```", at) + 1 - at));
  }
  return found;
}

/// A folder with the files that the README speaks of, and balse in the PATH.
class Site {
 public:
  Site() {
    for (const char* name : {"ratings.csv", "tags.csv", "works.csv"}) {
      std::filesystem::copy_file(std::string(BALSE_SOURCE_DIR "/data/demo/") + name,
                                 folder_.path(name));
    }
    folder_.write("pairs.csv", "user,item\n10,42\n10,43\nnobody,42\n");
    folder_.write("new.csv", "item,tag,weight\nnew manga,blue jacket,0.9\n");
    folder_.write("new-pairs.csv", "user,item\n10,new manga\n");
    run("gzip -k pairs.csv");
  }
  Outcome run(const std::string& commands) const {
    const std::string program = BALSE_PROGRAM;
    return run_command("bash", {"-c", "set -eo pipefail; cd " + folder_.path() +
                                          "; PATH=" + program.substr(0, program.rfind('/')) +
                                          ":$PATH\n" + commands});
  }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("the README's commands work, in its order", "[cli][readme]") {
  const Site site;
  REQUIRE(blocks("sh").size() == 3);
  for (const std::string& block : blocks("sh")) {
    INFO(block);
    const Outcome outcome = site.run(block);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, !Contains("error"));
  }
  CHECK_THAT(read_file(site.folder().path("predictions.csv")),
             Contains("user,item,prediction,als,lasso,weight,fallback\n10,42,") &&
                 Contains(",unseen-user\n"));
  CHECK_THAT(read_file(site.folder().path("recommendations.csv")), Contains("\n299,5,"));
}

TEST_CASE("the README's crontab works from the first night on", "[cli][readme]") {
  const Site site;
  REQUIRE(blocks("crontab").size() == 1);
  const std::string line = blocks("crontab")[0];
  REQUIRE(line.starts_with("0 3 * * * "));
  std::string command = line.substr(10);
  const std::string place = "/srv/site";
  command.replace(command.find(place), place.size(), site.folder().path());
  for (const char* night : {"starting from scratch", "warm start: "}) {
    const Outcome outcome = site.run(command);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out.empty());  // no mail
    CHECK_THAT(read_file(site.folder().path("fit.log")), Contains(night));
  }
  site.folder().write("ratings.csv", "user,item,rating\n1,2,\n");
  const Outcome bad = site.run(command);
  CHECK_THAT(bad.out, Contains("ratings.csv:2:"));  // mail
  CHECK(site.run("balse info site.balse.safetensors").exit_code == 0);
}

TEST_CASE("the README's Python recomputes a prediction", "[cli][readme]") {
  if (run_command("/usr/bin/python3", {"-c", "import numpy"}).exit_code != 0) {
    std::cout << "SKIPPED: the README's Python example needs python3-numpy\n" << std::flush;
    return;
  }
  const Site site;
  REQUIRE(
      site.run("balse fit ratings.csv --tags tags.csv --model site.balse.safetensors").exit_code ==
      0);
  // Debian has no package of safetensors' loader; this one is written from the format's
  // description.
  std::filesystem::create_directory(site.folder().path("safetensors"));
  site.folder().write("safetensors/__init__.py", "");
  site.folder().write(
      "safetensors/numpy.py",
      "import json, numpy\n"
      "def load_file(path):\n"
      "    data = open(path, 'rb').read()\n"
      "    n = int.from_bytes(data[:8], 'little')\n"
      "    header = json.loads(data[8:8 + n])\n"
      "    header.pop('__metadata__')\n"
      "    kinds = dict(F64='f8', F32='f4', U64='u8', U32='u4', U8='u1')\n"
      "    def load(t):\n"
      "        a, b = t['data_offsets']\n"
      "        raw = data[8 + n + a:8 + n + b]\n"
      "        return numpy.frombuffer(raw, kinds[t['dtype']]).reshape(t['shape'])\n"
      "    return {name: load(t) for name, t in header.items()}\n");
  REQUIRE(blocks("python").size() == 1);
  site.folder().write("example.py", blocks("python")[0]);
  const Outcome python = site.run("PYTHONPATH=. /usr/bin/python3 example.py");
  INFO(python.err);
  CHECK(python.exit_code == 0);
  const Outcome balse =
      site.run("echo 10,42 | balse predict --model site.balse.safetensors --no-header");
  CHECK(balse.out == "10,42," + python.out);
}
