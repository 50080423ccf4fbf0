// balse tag: weights of all kinds, and what is loaded for them.

#include <algorithm>
#include <filesystem>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/tag_support.hpp"
#include "parity/shared_data.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace tag_weights_test {
namespace {

const TagSetup& setup() {
  static const TagSetup with_poster;
  static const std::string poster = with_poster.add_poster("1", 1);
  return with_poster;
}

Outcome tag_with(const std::string& weights, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"tag", setup().posters(), "--weights", weights});
  return run_balse(more);
}

/// Which libraries a command loads, as the dynamic linker tells; the engine's words reach nobody.
std::string libraries_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"LD_DEBUG=libs", BALSE_PROGRAM});
  return run_command("env", arguments).err;
}

}  // namespace

TEST_CASE("bad, missing and unfit weights", "[cli][tag]") {
  const Outcome bad = tag_with(setup().folder().write("bad.caffemodel", "no weights"));
  CHECK(bad.exit_code == EX_DATAERR);
  CHECK_THAT(bad.err, Contains("bad.caffemodel") && Contains("no .caffemodel"));
  const Outcome absent = tag_with(setup().path("absent"));
  CHECK(absent.exit_code == EX_NOINPUT);
  CHECK_THAT(absent.err, Contains("scripts/download_models.sh") && Contains("models/demo"));
  CHECK(run_balse({"tag", setup().posters()}).exit_code == EX_USAGE);
  const Outcome torch =
      tag_with(setup().folder().write("bad.pt", "PK\3\4 no TorchScript"), {"--allow-torchscript"});
  CHECK(torch.exit_code == EX_DATAERR);
  CHECK_THAT(torch.err, Contains("bad.pt") && Contains("TorchScript"));
  CHECK(std::count(torch.err.begin(), torch.err.end(), '\n') == 1);
}

TEST_CASE("a tag list that does not belong to the weights", "[cli][tag]") {
  const auto with_tags = [](const std::string& list) {
    return tag_with(setup().weights(), {"--tags", setup().folder().write("list.json", list)});
  };
  const Outcome four = with_tags(R"(["a", "b", "c", "d"])");
  CHECK(four.exit_code == EX_DATAERR);
  CHECK_THAT(four.err, StartsWith("balse: error: " + setup().path("list.json") +
                                  ": names 4 tags; expected 5"));
  CHECK(with_tags("no list").exit_code == EX_DATAERR);
  CHECK(with_tags(R"(["a", "b", "c", "d", "a"])").exit_code == EX_DATAERR);
  CHECK_THAT(with_tags(R"(["a", "b", "c", "d", "e"])").out, StartsWith("item,tag,weight\n"));
  CHECK(tag_with(setup().weights(), {"--tags", setup().path("absent")}).exit_code == EX_NOINPUT);
  const TemporaryFolder elsewhere;
  std::filesystem::copy(setup().weights(), elsewhere.path("tagger.caffemodel"));
  const Outcome alone = tag_with(elsewhere.path("tagger.caffemodel"));
  CHECK(alone.exit_code == EX_USAGE);
  CHECK_THAT(alone.err, Contains("no tag list"));
}

TEST_CASE("options that do not fit the machine or the weights", "[cli][tag]") {
  const Outcome cuda = tag_with(setup().weights(), {"--device", "cuda"});
  CHECK(cuda.exit_code == EX_USAGE);
  CHECK_THAT(cuda.err, Contains("CUDA"));
  CHECK(tag_with(setup().weights(), {"--device", "gpu"}).exit_code == EX_USAGE);
  const Outcome torch_only = tag_with(setup().weights(), {"--mean", "1", "2", "3"});
  CHECK(torch_only.exit_code == EX_USAGE);
  CHECK_THAT(torch_only.err, Contains("--mean") && Contains("TorchScript"));
}

TEST_CASE("converted weights tag as the published ones do", "[cli][tag]") {
  const std::string converted = setup().path("tagger.safetensors");
  const Outcome outcome =
      run_balse({"tag", "--weights", setup().weights(), "--convert", converted});
  CHECK(outcome.exit_code == EX_OK);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err, Contains("12 layers") && Contains("5 tags"));
  const std::vector<std::string> all = {"--threshold", "0", "--category", "all"};
  const Outcome from_converted = tag_with(converted, all);
  CHECK(from_converted.exit_code == EX_OK);
  CHECK(from_converted.out == tag_with(setup().weights(), all).out);
  std::filesystem::resize_file(converted, std::filesystem::file_size(converted) - 1);
  CHECK(tag_with(converted).exit_code == EX_DATAERR);
  CHECK(
      run_balse({"tag", setup().posters(), "--weights", setup().weights(), "--convert", converted})
          .exit_code == EX_USAGE);
}

TEST_CASE("published probabilities are verified", "[cli][tag]") {
  const std::vector<std::string> all = {"--threshold", "0", "--category", "all"};
  const std::string rows = tag_with(setup().weights(), all).out;
  const auto weight_of = [&](const std::string& tag) {
    const std::size_t at = rows.find("1," + tag + ",");
    return rows.substr(at + tag.size() + 3, 8);
  };
  const auto verify = [&](const std::string& expected, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"--verify", setup().folder().write("expected.json", expected)});
    return tag_with(setup().weights(), more);
  };
  const Outcome right = verify(R"({"general": {"long hair": )" + weight_of("long hair") +
                               R"(}, "rating": {"safe": )" + weight_of("safe") + "}}");
  CHECK(right.exit_code == EX_OK);
  CHECK_THAT(right.out, Contains("long hair") && Contains("safe"));
  const std::string off = std::to_string(std::stod(weight_of("safe")) + 0.02);
  const std::string wrong = R"({"rating": {"safe": )" + off + "}}";
  const Outcome differs = verify(wrong);
  CHECK(differs.exit_code == EX_DATAERR);
  CHECK_THAT(differs.err, Contains("1 of 1 probabilities differ"));
  CHECK(verify(wrong, {"--tolerance", "0.03"}).exit_code == EX_OK);
  const std::string others = R"({"threshold": 0, "rating": {"safe": )" + weight_of("safe") + "}}";
  CHECK(verify(others, {"--tolerance", "0"}).exit_code == EX_DATAERR);
  CHECK_THAT(verify(R"({"general": {"absent": 0.5}})").err, Contains("\"absent\""));
  CHECK(verify("no JSON").exit_code == EX_DATAERR);
  CHECK(verify("{}").exit_code == EX_DATAERR);
}

TEST_CASE("the published check of Illustration2Vec is understood", "[cli][tag][parity]") {
  BALSE_NEEDS_SHARED_DATA();
  const std::string published = shared_path("data/i2v/");
  // A net of random weights under the published names: its numbers are wrong, and that is told.
  const std::string weights = setup().folder().write(
      "1539.caffemodel", balse::caffemodel_bytes(sample_tagger(4, 1539), balse::CaffeEncoding::v1));
  const std::vector<std::string> words = {
      "tag",    published + "miku.jpg",      "--weights", weights,
      "--tags", published + "tag_list.json", "--verify",  published + "miku_reference.json"};
  const Outcome outcome = run_balse(words);
  CHECK(outcome.exit_code == EX_DATAERR);
  CHECK_THAT(outcome.err, Contains("probabilities differ by more than 0.01"));
  CHECK_THAT(outcome.out, Contains(" 0.999999 ") && Contains("hatsune miku\n"));
  for (const char* tag : {"thighhighs", "aqua eyes", "vocaloid", "safe", "explicit"}) {
    CHECK_THAT(outcome.out, Contains(std::string("  ") + tag + '\n'));
  }
}

TEST_CASE("without its modules the program says what is missing", "[cli][tag]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("bin"));
  std::filesystem::copy_file(BALSE_PROGRAM, folder.path("bin/balse"));
  const Outcome outcome = run_command(folder.path("bin/balse"),
                                      {"tag", setup().posters(), "--weights", setup().weights()});
  CHECK(outcome.exit_code == EX_NOINPUT);
  CHECK_THAT(outcome.err, Contains("cannot be loaded") && Contains("installing balse again"));
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  CHECK(run_command(folder.path("bin/balse"), {"--version"}).exit_code == EX_OK);
}

TEST_CASE("OpenCV and LibTorch are loaded by tag, and by no command without it", "[cli][tag]") {
  const std::string data = BALSE_SOURCE_DIR "/data/demo/";
  const std::string model = setup().path("model");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"--version"},
           {"tag", "--help"},
           {"fit", data + "ratings.csv", "--tags", data + "tags.csv", "--model", model},
           {"predict", "--model", model, data + "ratings.csv"},
           {"recommend", "--model", model, "--item", "35", "--weights", setup().weights()},
           {"eval", data + "ratings.csv", "--tags", data + "tags.csv"}}) {
    INFO(arguments[0]);
    const std::string libraries = libraries_of(arguments);
    CHECK_THAT(libraries, Contains("libz.so"));
    CHECK_THAT(libraries, !Contains("libtorch") && !Contains("libopencv"));
  }
  const std::string libraries =
      libraries_of({"tag", setup().posters(), "--weights", setup().weights()});
  CHECK((libraries.find("libopencv_imgcodecs") != std::string::npos));
  CHECK((libraries.find("libtorch") == std::string::npos));  // that is the engine's
}

TEST_CASE("LibTorch is loaded where there is a poster to run it on", "[cli][tag]") {
  // An installation without LibTorch.
  const TemporaryFolder folder;
  const std::filesystem::path built = std::filesystem::path(BALSE_PROGRAM).parent_path();
  std::filesystem::create_directories(folder.path("lib/balse"));
  std::filesystem::create_directory(folder.path("bin"));
  std::filesystem::copy_file(BALSE_PROGRAM, folder.path("bin/balse"));
  std::filesystem::copy_file(built.parent_path() / "lib/balse/balse_imaging.so",
                             folder.path("lib/balse/balse_imaging.so"));
  const auto tag = [&](const std::string& poster) {
    return run_command(folder.path("bin/balse"), {"tag", poster, "--weights", setup().weights()});
  };
  const Outcome needed = tag(setup().posters());
  CHECK(needed.exit_code == EX_NOINPUT);
  CHECK_THAT(needed.err, Contains("balse_inference.so") && Contains("cannot be loaded"));
  CHECK(tag(setup().folder().write("broken.png", "no image")).exit_code == EX_OK);
}

}  // namespace tag_weights_test
