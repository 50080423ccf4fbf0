// balse tag with taggers in ONNX, and what it says of files that are none.

#include <algorithm>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"
#include "balse/tagging/onnx_runtime.hpp"

#include "cli/tag_support.hpp"
#include "support/skipped.hpp"
#include "tagging/sample_vit.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace tag_onnx_test {
namespace {

/// A small tagger in WD's form, with its list and two posters.
class OnnxSetup {
 public:
  OnnxSetup() {
    SampleVit vit{.side = 64, .patch = 16, .width = 8, .tags = 6};
    vit.fill(3);
    folder_.write("model.onnx", vit.onnx());
    folder_.write("selected_tags.csv",
                  "tag_id,name,category,count\n1,safe,9,1\n2,long_hair,0,9\n3,sky,0,5\n"
                  "4,^_^,0,2\n5,miku,4,2\n6,rin,4,1\n");
    folder_.write("1.png", TagSetup::picture(1));
    folder_.write("2.png", TagSetup::picture(2));
  }

  std::string path(const std::string& name) const { return folder_.path(name); }
  const TemporaryFolder& folder() const { return folder_; }
  Outcome run(std::vector<std::string> more) const {
    more.insert(more.begin(), {"tag", path("1.png"), path("2.png"), "--weights", path("model.onnx"),
                               "--threads", "1"});
    return run_balse(more);
  }

 private:
  TemporaryFolder folder_;
};

const OnnxSetup& setup() {
  static const OnnxSetup kSetup;
  return kSetup;
}

bool has_runtime() {
  try {
    balse::find_onnxruntime("");
    return true;
  } catch (const balse::Error& error) {
    skipped(
        "balse tag with ONNX models: there is no ONNX Runtime "
        "(scripts/install_onnxruntime.sh fetches it)");
    return false;
  }
}

}  // namespace

TEST_CASE("balse tag runs a tagger in ONNX by its list and description", "[cli][tag][onnx]") {
  if (!has_runtime()) {
    return;
  }
  const std::vector<std::string> all = {"--threshold", "0", "--category", "all"};
  const Outcome guessed = setup().run(all);
  INFO(guessed.err);
  REQUIRE(guessed.exit_code == EX_OK);
  CHECK_THAT(guessed.err, Contains("taken for a tagger like wd-v3, because of selected_tags.csv"));
  CHECK(std::count(guessed.out.begin(), guessed.out.end(), '\n') == 13);
  CHECK_THAT(guessed.out, Contains("1,long_hair,") && Contains("2,rin,"));
  std::vector<std::string> more = all;
  more.insert(more.end(), {"--tagger", "wd-v3"});
  const Outcome named = setup().run(more);
  CHECK(named.out == guessed.out);
  CHECK_THAT(named.err, !Contains("taken for"));
  // WD's own thresholds where nobody says others.
  const Outcome usual = setup().run({"--tagger", "wd-v3", "--category", "all"});
  CHECK_THAT(usual.err, Contains("general 0.35, character 0.85"));
  // A description of one's own changes what the network sees.
  const std::string mine = setup().folder().write(
      "mine.json", R"({"name": "mine", "colors": "rgb", "fit": "stretch", "mean": [0, 0, 0],
                       "tag_list": "selected_tags.csv", "thresholds": {"all": 0}})");
  const Outcome own = setup().run({"--tagger", mine, "--category", "all"});
  INFO(own.err);
  CHECK(own.exit_code == EX_OK);
  CHECK(own.out != guessed.out);
  more.insert(more.end(), {"--colors", "rgb"});
  CHECK(setup().run(more).out == own.out);
  more.insert(more.end(), {"--alpha", "drop"});
  CHECK(setup().run(more).out == own.out);  // these posters hide nothing
  const Outcome embedded =
      setup().run({"--tagger", "wd-v3", "--embedding", setup().path("style.npz")});
  CHECK(embedded.exit_code == EX_OK);
  CHECK(!read_file(setup().path("style.npz")).empty());
}

TEST_CASE("a description that changed has everything tagged anew, named or not",
          "[cli][tag][onnx]") {
  if (!has_runtime()) {
    return;
  }
  const std::string table = setup().path("nightly.csv");
  const auto update = [&](const std::string& colors) {
    const std::string mine = setup().folder().write(
        "unnamed.json", R"({"tag_list": "selected_tags.csv", "colors": ")" + colors + R"("})");
    const Outcome outcome = setup().run({"--tagger", mine, "--threshold", "0", "--update", table});
    INFO(outcome.err);
    CHECK(outcome.exit_code == EX_OK);
    return read_file(table);
  };
  const std::string before = update("rgb");
  CHECK(update("rgb") == before);
  CHECK(update("bgr") != before);
  const std::string picture = setup().folder().write("e.json", "{}");
  CHECK(setup().run({"--tagger", picture, "--output", picture}).exit_code == EX_USAGE);
  CHECK(setup().run({"--tagger", "wd-v3", "--input-size", "320"}).exit_code == EX_USAGE);
  const std::string wrong = setup().folder().write(
      "wrong.json", R"({"tag_list": "selected_tags.csv", "output": "logits"})");
  const Outcome named = setup().run({"--tagger", wrong});
  CHECK(named.exit_code == EX_DATAERR);
  CHECK_THAT(named.err, Contains("one that is called logits"));
  const std::string nowhere = setup().folder().write(
      "nowhere.json", R"({"tag_list": "selected_tags.csv", "embedding": "nothere"})");
  CHECK_THAT(setup().run({"--tagger", nowhere, "--embedding", setup().path("x.npz")}).err,
             Contains("nothere") && Contains("no layer of the model makes"));
}

TEST_CASE("what is wrong with a tagger in ONNX is said before the work", "[cli][tag][onnx]") {
  if (!has_runtime()) {
    return;
  }
  const std::string four = setup().folder().write(
      "four.csv", "tag_id,name,category,count\n1,a,0,1\n2,b,0,9\n3,c,0,5\n4,d,0,2\n");
  const Outcome short_list = setup().run({"--tagger", "wd-v3", "--tags", four});
  CHECK(short_list.exit_code == EX_DATAERR);
  CHECK_THAT(short_list.err, Contains("names 4 tags; expected 6"));
  const Outcome unknown = setup().run({"--tagger", "wd-v9"});
  CHECK(unknown.exit_code == EX_USAGE);
  CHECK_THAT(unknown.err, Contains("illustration2vec, wd-v3, pixai, cl, camie, joytag"));
  CHECK(setup().run({"--precision", "bfloat16"}).exit_code == EX_USAGE);
  const std::string other = setup().folder().write("tags.txt", "a\nb\nc\nd\ne\nf\n");
  const Outcome nobody = setup().run({"--tags", other});
  CHECK(nobody.exit_code == EX_USAGE);
  CHECK_THAT(nobody.err, Contains("nothing says what it wants to see") && Contains("--tagger"));
  // A tagger whose last layer gives no probabilities, and nobody says so.
  CHECK(setup().run({"--tagger", "wd-v3", "--activation", "softmax"}).exit_code == EX_OK);
}

TEST_CASE("without ONNX Runtime balse tag says where to get it", "[cli][tag][onnx]") {
  const Outcome absent = setup().run({"--onnxruntime", setup().path("nowhere")});
  CHECK(absent.exit_code == EX_NOINPUT);
  CHECK_THAT(absent.err, Contains("nowhere") && Contains("scripts/install_onnxruntime.sh"));
  CHECK(std::count(absent.err.begin(), absent.err.end(), '\n') <= 2);
  const Outcome none =
      run_command("env", {"HOME=" + setup().path("nowhere"),
                          "BALSE_ONNXRUNTIME=" + setup().path("1.png"), BALSE_PROGRAM, "tag",
                          setup().path("1.png"), "--weights", setup().path("model.onnx")});
  CHECK(none.exit_code == EX_NOINPUT);
  CHECK_THAT(none.err, Contains("1.png") && Contains("cannot be loaded"));
}

TEST_CASE("files of other programs are named for what they are", "[cli][tag]") {
  const auto said = [](const std::string& bytes) {
    const std::string path = setup().folder().write("weights", bytes);
    const Outcome outcome = run_balse({"tag", setup().path("1.png"), "--weights", path});
    CHECK(outcome.exit_code == EX_DATAERR);
    return outcome.err;
  };
  CHECK_THAT(said("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n"),
             Contains("Git LFS") && Contains("git lfs pull"));
  CHECK_THAT(said("<!DOCTYPE html><html>"), Contains("a web page"));
  CHECK_THAT(said("\x80\x02}q\x01."), Contains("a pickle, which runs"));
  CHECK_THAT(said("\x89HDF\r\n\x1a\n"), Contains("Keras") && Contains("ONNX"));
  CHECK_THAT(said(std::string("\x1c\0\0\0TFL3", 8)), Contains("TFLite"));
  CHECK_THAT(said("{\"0\": {\"tag\": \"a\"}}"), Contains("JSON") && Contains("--tags"));
  CHECK_THAT(said("tag_id,name,category,count\n"), Contains("a table of tags"));
  CHECK_THAT(said("\x1f\x8b"), Contains("gzip"));
}

}  // namespace tag_onnx_test
