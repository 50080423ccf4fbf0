#include <algorithm>
#include <filesystem>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/tag_support.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace tag_test {
namespace {

/// Three posters and a file that is none, for all tests that only look.
const TagSetup& setup() {
  static const TagSetup with_posters;
  static const bool filled = [] {
    with_posters.add_poster("1", 1);
    with_posters.add_poster("2, \"two\"", 2, 300);
    with_posters.add_poster("3", 3, 1);
    with_posters.folder().write("posters/text.jpg", "no image");
    return true;
  }();
  static_cast<void>(filled);
  return with_posters;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

Outcome tag(std::vector<std::string> more, std::string_view input = {}) {
  return setup().run(more, input);
}

}  // namespace

TEST_CASE("tag writes triplets to standard output, and words on what failed", "[cli][tag]") {
  const Outcome outcome = tag({setup().posters(), "--threshold", "0", "--category", "all"});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.out, StartsWith("item,tag,weight\n1,long hair,0."));
  CHECK_THAT(outcome.out, Contains("\n\"2, \"\"two\"\"\",\"smile, big\",0."));
  CHECK_THAT(outcome.out, Contains("\n3,safe,0."));
  CHECK(lines(outcome.out) == 1 + 3 * 5);
  CHECK_THAT(outcome.err, Contains("3 posters tagged") && Contains("1 failed"));
  CHECK_THAT(outcome.err, Contains("text.jpg: no image"));
}

TEST_CASE("--csv-safe of tag, which --update could not read again", "[cli][tag]") {
  const std::string list =
      setup().folder().write("formula.csv", "=1+1," + setup().posters() + "/1.png\n");
  const auto listed = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"--list", list, "--threshold", "0"});
    return tag(more);
  };
  CHECK_THAT(listed({}).out, Contains("\n=1+1,long hair,"));
  CHECK_THAT(listed({"--csv-safe"}).out, Contains("\n'=1+1,long hair,"));
  CHECK(listed({"--csv-safe", "--update", setup().path("safe.csv")}).exit_code == EX_USAGE);
  CHECK(listed({"--csv-safe", "--format", "jsonl"}).exit_code == EX_USAGE);
}

TEST_CASE("what is tagged depends neither on batches nor on threads", "[cli][tag]") {
  const Outcome one = tag({setup().posters(), "--threshold", "0", "--batch", "1"});
  const Outcome more = tag({setup().posters(), "--threshold", "0", "--batch", "16"});
  REQUIRE(one.exit_code == EX_OK);
  const auto weights = [](const std::string& text) {
    std::vector<double> numbers;
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
      const std::size_t end = text.find('\n', at + 1);
      if (end != std::string::npos) {
        numbers.push_back(std::stod(text.substr(text.rfind(',', end) + 1)));
      }
    }
    return numbers;
  };
  const std::vector<double> first = weights(one.out);
  const std::vector<double> second = weights(more.out);
  REQUIRE(first.size() == 6);  // two general tags
  REQUIRE(second.size() == 6);
  for (std::size_t k = 0; k < first.size(); ++k) {
    CHECK(first[k] == Approx(second[k]).margin(2e-6));
  }
  CHECK(first[0] != Approx(first[2]).margin(1e-4));  // the pictures differ
}

TEST_CASE("threshold and category choose the rows", "[cli][tag]") {
  const Outcome all = tag({setup().path("posters/1.png"), "--threshold", "0", "--category", "all"});
  REQUIRE(lines(all.out) == 6);
  const Outcome one =
      tag({setup().path("posters/1.png"), "--threshold", "0", "--category", "character"});
  CHECK(lines(one.out) == 2);
  CHECK_THAT(one.out, Contains("\n1,miku,"));
  CHECK(all.out.find(one.out.substr(one.out.find('\n'))) != std::string::npos);
  CHECK(tag({setup().path("posters/1.png"), "--threshold", "1"}).out == "item,tag,weight\n");
  CHECK(tag({setup().path("posters/1.png"), "--threshold", "1.5"}).exit_code == EX_USAGE);
}

TEST_CASE("all formats hold the same weights", "[cli][tag]") {
  const Outcome csv = tag({setup().posters(), "--threshold", "0", "--category", "all"});
  const Outcome jsonl =
      tag({setup().posters(), "--threshold", "0", "--category", "all", "--format", "jsonl"});
  CHECK(jsonl.exit_code == EX_OK);
  REQUIRE(lines(jsonl.out) == 3);
  const auto first = nlohmann::json::parse(jsonl.out.substr(0, jsonl.out.find('\n')));
  CHECK(first["item"] == "1");
  const double weight = first["general"]["long hair"];
  CHECK_THAT(csv.out, Contains("\n1,long hair," + std::to_string(weight) + "\n"));
  CHECK(first["rating"].contains("safe"));
  const std::string npz = setup().path("tags.npz");
  CHECK(tag({setup().posters(), "--threshold", "0", "--category", "all", "--format", "npz",
             "--output", npz})
            .exit_code == EX_OK);
  CHECK(read_file(npz) ==
        tag({setup().posters(), "--threshold", "0", "--category", "all", "--format", "npz"}).out);
  const std::string script =
      "import sys, numpy\n"
      "m = numpy.load(sys.argv[1])\n"
      "assert m['format'].item() == b'csr' and tuple(m['shape']) == (3, 5), dict(m)\n"
      "assert m['data'].dtype == 'float32' and m['indptr'].tolist() == [0, 5, 10, 15], dict(m)\n"
      "assert m['items'].tolist() == ['1', '2, \"two\"', '3'], m['items']\n"
      "assert m['tags'].tolist() == ['long hair', 'smile, big', 'miku', 'vocaloid', 'safe']\n"
      "print('%.6f' % m['data'][0])\n";
  if (run_command("/usr/bin/python3", {"-c", "import numpy"}).exit_code == 0) {
    const Outcome python = run_command("/usr/bin/python3", {"-c", script, npz});
    CHECK(python.err.empty());
    CHECK_THAT(csv.out, Contains("\n1,long hair," + python.out));
  }
}

TEST_CASE("the most probable tags, to be read", "[cli][tag]") {
  const std::string poster = setup().path("posters/1.png");
  const Outcome outcome = tag({poster, "--category", "all", "--top", "1"});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.out, StartsWith(poster + "\n  general    "));
  CHECK_THAT(outcome.out, Contains("\n  character  miku 0."));
  CHECK(lines(outcome.out) == 5);
  CHECK(tag({poster, "--top", "1", "--format", "jsonl"}).exit_code == EX_USAGE);
}

TEST_CASE("posters come from lists and from standard input", "[cli][tag]") {
  const std::string direct = tag({setup().path("posters/1.png"), "--threshold", "0"}).out;
  const std::string as_item = [&] {
    std::string text = direct;
    for (std::size_t at = 0; (at = text.find("\n1,", at)) != std::string::npos;) {
      text.replace(at, 3, "\n42,");
    }
    return text;
  }();
  const std::string row = "item,path\n42," + setup().path("posters/1.png") + "\n";
  const std::string list = setup().folder().write("list.csv", row);
  CHECK(tag({"--list", list, "--threshold", "0"}).out == as_item);
  CHECK(tag({"--list", "-", "--threshold", "0"}, row).out == as_item);
  CHECK(tag({"-", "--threshold", "0"}, setup().path("posters/1.png") + "\r\n").out == direct);
  const Outcome image = tag({"-", "--threshold", "0"}, TagSetup::picture(1, 100));
  CHECK(image.exit_code == EX_OK);
  CHECK_THAT(image.out, Contains("\nstdin,long hair,0."));
  CHECK(tag({"-", "--list", "-"}).exit_code == EX_USAGE);
  CHECK(tag({}).exit_code == EX_USAGE);
  CHECK(tag({"-"}, "").exit_code == EX_NOINPUT);
  CHECK(tag({setup().path("nowhere")}).exit_code == EX_NOINPUT);
}

TEST_CASE("failures are written down, and with --strict end in 65", "[cli][tag]") {
  const std::string failures = setup().path("failures.csv");
  const Outcome outcome = tag({setup().posters(), "--failures", failures, "--strict"});
  CHECK(outcome.exit_code == EX_DATAERR);
  CHECK_THAT(outcome.out, StartsWith("item,tag,weight\n"));
  CHECK_THAT(outcome.err, Contains("1 of 4 posters could not be tagged"));
  CHECK(lines(read_file(failures)) == 2);
  CHECK_THAT(read_file(failures), StartsWith("item,path,reason\ntext," +
                                             setup().path("posters/text.jpg") + ",\"no image"));
  // Nothing but failures: no network is made.
  const Outcome none = tag({setup().path("posters/text.jpg")});
  CHECK(none.exit_code == EX_OK);
  CHECK(none.out == "item,tag,weight\n");
  const Outcome large = tag({setup().path("posters/2, \"two\".png"), "--max-pixels", "89999"});
  CHECK(large.out == "item,tag,weight\n");
  CHECK_THAT(large.err, Contains("limit of 89999 pixels") && Contains("--max-pixels"));
}

TEST_CASE("an output that is full or somebody's input says so", "[cli][tag]") {
  CHECK(setup().run_in_shell("", {setup().posters()}, "> /dev/full").exit_code == EX_IOERR);
  const std::string poster = setup().path("posters/1.png");
  for (const char* option : {"--output", "--update", "--failures", "--convert"}) {
    CHECK(tag({poster, option, poster}).exit_code == EX_USAGE);
    CHECK(tag({poster, option, setup().weights()}).exit_code == EX_USAGE);
  }
  CHECK(tag({poster, "--output", "/nowhere/tags.csv"}).exit_code == EX_CANTCREAT);
  CHECK(tag({poster, "--update", setup().path("x"), "--format", "jsonl"}).exit_code == EX_USAGE);
}

}  // namespace tag_test
