// Taggers in TorchScript: made here, of arithmetic that is written out once more beside them.

#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <sysexits.h>
#include <torch/script.h>
#include <vector>

#include <catch2/catch.hpp>
#include <zip.h>

#include "balse/support/error.hpp"
#include "balse/tagging/engine.hpp"

#include "cli/run_program.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"
#include "tagging/sample_tagger.hpp"

namespace balse::torchscript_test {
namespace {

using test::error_of;
using test::Outcome;
using test::TemporaryFolder;

/// Saves a module with this body of forward(self, x).
std::string save(const TemporaryFolder& folder, const std::string& name, const std::string& body) {
  torch::jit::Module module("tagger");
  module.register_parameter("scale", torch::tensor({0.5F}), false);
  module.define("def forward(self, x):\n" + body);
  const std::string path = folder.path(name);
  module.save(path);
  return path;
}

/// Of a picture's three planes: the mean of each, and the value in the upper right corner of the
/// first, which is elsewhere in a picture that lies on its side.
constexpr const char* kFourFacts =
    "    means = torch.mean(x, [2, 3]) * self.scale\n"
    "    corner = torch.unsqueeze(x[:, 0, 0, -1], 1)\n"
    "    return torch.cat([means, corner], 1)\n";

std::array<double, 4> four_facts(const std::vector<float>& planes, const InputSpec& input) {
  std::array<double, 4> facts = {};
  const std::size_t plane = input.width * input.height;
  for (std::size_t k = 0; k < planes.size(); ++k) {
    facts[k / plane] += 0.5 * static_cast<double>(planes[k]) / static_cast<double>(plane);
  }
  facts[3] = static_cast<double>(planes[input.width - 1]);
  return facts;
}

std::vector<float> run(Network& network, const std::vector<float>& inputs, std::size_t count) {
  std::vector<float> probabilities(count * network.outputs());
  network.run(inputs, count, probabilities);
  return probabilities;
}

TEST_CASE("a TorchScript tagger sees its own size, and its activation is applied",
          "[torchscript]") {
  const TemporaryFolder folder;
  const std::string path = save(folder, "tagger.pt", kFourFacts);
  const InputSpec input{.width = 30, .height = 20, .mean = {0, 0, 0}, .deviation = {255, 255, 255}};
  std::vector<float> planes(input.values());
  prepare_input(test::random_image(40, 50, 1), input, planes);
  std::vector<float> brighter = planes;
  for (float& value : brighter) {
    value += 0.25F;
  }
  std::vector<float> both = planes;
  both.insert(both.end(), brighter.begin(), brighter.end());

  for (const Activation activation : {Activation::none, Activation::sigmoid, Activation::softmax}) {
    INFO(static_cast<int>(activation));
    const auto network = torchscript_engine(path, input, activation, {.threads = 2});
    REQUIRE(network->outputs() == 4);
    const std::vector<float> found = run(*network, both, 2);
    for (std::size_t picture = 0; picture < 2; ++picture) {
      const std::array<double, 4> facts = four_facts(picture == 0 ? planes : brighter, input);
      double exponentials = 0.0;
      for (const double fact : facts) {
        exponentials += std::exp(fact);
      }
      for (std::size_t k = 0; k < facts.size(); ++k) {
        const double expected = activation == Activation::none ? facts[k]
                                : activation == Activation::sigmoid
                                    ? 1.0 / (1.0 + std::exp(-facts[k]))
                                    : std::exp(facts[k]) / exponentials;
        CHECK(static_cast<double>(found[4 * picture + k]) == Approx(expected).margin(1e-6));
      }
    }
  }
}

TEST_CASE("balse tag runs a TorchScript tagger on what its options say", "[torchscript]") {
  const TemporaryFolder folder;
  const std::string weights = save(folder, "tagger.pt", kFourFacts);
  folder.write("tag_list.json", R"(["first", "second", "third", "corner"])");
  // Red 255, green 51, blue 0 all over, but for the upper right corner, which is white.
  std::string picture = "P6\n3 2\n255\n";
  for (int pixel = 0; pixel < 6; ++pixel) {
    picture += pixel == 2 ? std::string("\xff\xff\xff") : std::string("\xff\x33\x00", 3);
  }
  const std::string poster = folder.write("p.ppm", picture);
  const auto tag = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"tag", poster, "--weights", weights, "--threshold", "0",
                               "--input-size", "3x2", "--allow-torchscript"});
    const Outcome outcome = test::run_balse(more);
    INFO(outcome.err);
    CHECK(outcome.exit_code == EX_OK);
    return outcome.out;
  };
  // Gray levels over 255 in the order red, green, blue; the means are halved by the module.
  CHECK(tag({}) ==
        "item,tag,weight\np,first,0.500000\np,second,0.166667\np,third,0.083333\np,corner,1."
        "000000\n");
  CHECK(tag({"--colors", "bgr", "--mean", "0", "0", "51", "--deviation", "510", "255", "255"}) ==
        "item,tag,weight\np,first,0.041667\np,second,0.166667\np,third,0.400000\np,corner,0."
        "500000\n");
  CHECK(tag({"--activation", "sigmoid"}).find("p,first,0.622459\n") != std::string::npos);

  const std::string three = folder.write("three.json", R"(["a", "b", "c"])");
  const Outcome unfit = test::run_balse(
      {"tag", poster, "--weights", weights, "--tags", three, "--allow-torchscript"});
  CHECK(unfit.exit_code == EX_DATAERR);
  CHECK_THAT(unfit.err, Catch::Matchers::Contains("names 3 tags; expected 4"));
  const Outcome convert =
      test::run_balse({"tag", "--weights", weights, "--convert", folder.path("x")});
  CHECK(convert.exit_code == EX_USAGE);
}

TEST_CASE("a TorchScript that is no tagger is refused in a sentence", "[torchscript]") {
  const TemporaryFolder folder;
  const InputSpec input{.width = 8, .height = 8};
  const auto refused = [&](const std::string& path) {
    const Error error = error_of(
        [&] { torchscript_engine(path, input, Activation::none, {.threads = 1})->outputs(); });
    INFO(error.what());
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK(error.parts().file == path);
    CHECK(error.parts().found.find('\n') == std::string::npos);
    return error.parts().found;
  };
  const auto body = [&](const std::string& text) {
    return refused(save(folder, "bad.pt", "    " + text + "\n"));
  };
  CHECK(body("return x").find("no matrix") != std::string::npos);
  CHECK(!body("return (x, x)").empty());
  CHECK(!body("return torch.mean(x)").empty());
  CHECK(!body("return torch.reshape(x, [7, 9])").empty());
  CHECK(!body("return torch.conv2d(x, x)").empty());
  CHECK(body("assert x.size(0) == 0, 'too many'\n    return x").find("too many") !=
        std::string::npos);
  CHECK(!body("return torch.zeros([x.size(0), 0])").empty());
  CHECK(body("return torch.zeros([x.size(0), 1000000000000])").find("memory") != std::string::npos);

  const std::string whole = test::read_file(save(folder, "whole.pt", kFourFacts));
  for (std::size_t size = 4; size < whole.size(); size += whole.size() / 50) {
    refused(folder.write("cut.pt", whole.substr(0, size)));
  }
  refused(folder.path("absent.pt"));
}

TEST_CASE("a TorchScript tagger for one picture at a time is told from one for batches",
          "[torchscript]") {
  const TemporaryFolder folder;
  const InputSpec input{.width = 2, .height = 1};
  const std::string path = save(folder, "single.pt", "    return torch.reshape(x, [1, 6])\n");
  const auto network = torchscript_engine(path, input, Activation::none, {.threads = 1});
  const std::vector<float> inputs(12);
  CHECK(run(*network, std::vector<float>(6), 1).size() == 6);
  const Error error = error_of([&] { run(*network, inputs, 2); });
  CHECK(error.kind() == ErrorKind::bad_data);
  CHECK(error.parts().found.find("2 x 3 x 1 x 2 floats") != std::string::npos);
}

TEST_CASE("a flipped bit of a TorchScript's weights is noticed", "[torchscript]") {
  const TemporaryFolder folder;
  std::string file = test::read_file(save(folder, "whole.pt", kFourFacts));
  const float half = 0.5F;
  const std::size_t at = file.find(std::string(reinterpret_cast<const char*>(&half), sizeof half));
  REQUIRE(at != std::string::npos);
  file[at + 2] = static_cast<char>(file[at + 2] ^ 1);
  const Error error = error_of([&] {
    torchscript_engine(folder.write("flipped.pt", file), {.width = 8, .height = 8},
                       Activation::none, {.threads = 1})
        ->outputs();
  });
  CHECK(error.kind() == ErrorKind::bad_data);
  CHECK(error.parts().found.find("damaged") != std::string::npos);
}

TEST_CASE("what a script prints is none of the results", "[torchscript]") {
  const TemporaryFolder folder;
  const std::string weights = save(
      folder, "talks.pt", "    print('hello')\n    return torch.zeros([x.size(0), 1]) + 0.5\n");
  const std::string tags = folder.write("tags.json", R"(["a"])");
  const std::string poster = folder.write("p.ppm", "P6\n1 1\n255\nabc");
  const Outcome outcome =
      test::run_balse({"tag", poster, "--weights", weights, "--tags", tags, "--allow-torchscript"});
  CHECK(outcome.out == "item,tag,weight\np,a,0.500000\n");
}

/// The entries of a zip archive.
std::map<std::string, std::string> unpack(const std::string& path) {
  zip_t* const archive = zip_open(path.c_str(), ZIP_RDONLY, nullptr);
  std::map<std::string, std::string> entries;
  for (zip_int64_t k = 0; k < zip_get_num_entries(archive, 0); ++k) {
    const auto index = static_cast<zip_uint64_t>(k);
    zip_stat_t status;
    zip_stat_index(archive, index, 0, &status);
    std::string content(status.size, '\0');
    zip_file_t* const entry = zip_fopen_index(archive, index, 0);
    zip_fread(entry, content.data(), content.size());
    zip_fclose(entry);
    entries[status.name] = content;
  }
  zip_discard(archive);
  return entries;
}

void pack(const std::string& path, const std::map<std::string, std::string>& entries, bool small) {
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (const auto& [name, content] : entries) {
    zip_source_t* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_OVERWRITE);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                             small ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  }
  REQUIRE(zip_close(archive) == 0);
}

TEST_CASE("a TorchScript made to crash LibTorch is a tagger or an error", "[torchscript]") {
  const TemporaryFolder folder;
  const InputSpec input{.width = 8, .height = 8};
  const auto entries = unpack(save(folder, "whole.pt", kFourFacts));
  const std::string path = folder.path("changed.pt");
  pack(path, entries, false);
  CHECK(torchscript_engine(path, input, Activation::none, {.threads = 1})->outputs() == 4);

  Random random(5);
  std::size_t errors = 0;
  std::size_t crashes = 0;
  for (int round = 0; round < 100; ++round) {
    auto changed = entries;
    for (auto& [name, content] : changed) {
      if (name.ends_with(".pkl")) {
        content[random.below(content.size())] = static_cast<char>(random.below(256));
      }
    }
    pack(path, changed, false);  // with checksums that are right
    try {
      const auto network = torchscript_engine(path, input, Activation::none, {.threads = 1});
      const std::size_t outputs = network->outputs();  // CHECK() would catch what it throws
      CHECK(outputs > 0);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::bad_data);
      ++errors;
      crashes += error.parts().found.find("crashes") != std::string::npos ? 1 : 0;
    }
  }
  CHECK(errors > 0);
  WARN(errors << " of 100 changed files refused, " << crashes << " of them as they crash LibTorch");
}

TEST_CASE("a TorchScript that unpacks to far more than it is is refused", "[torchscript]") {
  const TemporaryFolder folder;
  auto entries = unpack(save(folder, "whole.pt", kFourFacts));
  entries["whole/data/1"] = std::string(std::size_t{80} << 20, '\0');
  pack(folder.path("bomb.pt"), entries, true);
  CHECK(std::filesystem::file_size(folder.path("bomb.pt")) < 1'000'000);
  const Error error = error_of([&] {
    torchscript_engine(folder.path("bomb.pt"), {.width = 8, .height = 8}, Activation::none,
                       {.threads = 1})
        ->outputs();
  });
  CHECK(error.kind() == ErrorKind::bad_data);
  CHECK(error.parts().found.find("unpacks to far more") != std::string::npos);
}

}  // namespace
}  // namespace balse::torchscript_test
