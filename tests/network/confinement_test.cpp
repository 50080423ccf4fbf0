// What a TorchScript tagger may do, and what becomes of one that does more: in the trial with one
// picture, and in the run with several.

#include <algorithm>
#include <cerrno>
#include <seccomp.h>
#include <string>
#include <sysexits.h>
#include <torch/script.h>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"
#include "balse/tagging/engine.hpp"

#include "support/errors.hpp"
#include "support/restricted_program.hpp"
#include "support/temporary_folder.hpp"

namespace balse::confinement_test {
namespace {

using Catch::Matchers::Contains;
using test::error_of;
using test::Outcome;
using test::TemporaryFolder;

/// Needs x, or LibTorch would leave out what the body does to it.
constexpr const char* kHalves =
    "    return torch.zeros([x.size(0), 1]) + 0.5 + 0.0 * torch.mean(x)\n";

std::string save(const TemporaryFolder& folder, const std::string& body) {
  torch::jit::Module module("tagger");
  module.register_parameter("scale", torch::tensor({0.5F}), false);
  module.define("def forward(self, x):\n" + body + kHalves);
  const std::string path = folder.path("tagger.pt");
  module.save(path);
  return path;
}

/// Runs the body on `count` pictures.
void run(const TemporaryFolder& folder, const std::string& body, std::size_t count,
         const EngineLimits& limits = {}, bool confined = true) {
  const InputSpec input{.width = 8, .height = 8};
  const auto network =
      torchscript_engine(save(folder, body), input, Activation::none,
                         {.threads = 2, .batch = 4, .confined = confined, .limits = limits});
  std::vector<float> probabilities(count * network->outputs());
  network->run(std::vector<float>(count * input.values()), count, probabilities);
  CHECK(probabilities == std::vector<float>(count, 0.5F));
}

std::string in_the_run(const std::string& statement) {
  return "    if x.size(0) > 1:\n        " + statement + "\n";
}

}  // namespace

TEST_CASE("a script can neither overwrite nor read a file nor make one", "[torchscript]") {
  const TemporaryFolder folder;
  const std::string words = "what the user wrote, and wants to keep";
  const std::string path = folder.write("file", words);
  const std::string made = folder.path("made");
  const std::string overwrite = "x = x + torch.from_file('" + path + "', True, 4).fill_(0)[0]";
  const std::string read = "x = x + 0.0 * torch.from_file('" + path + "', False, 4)[0]";
  const auto refused = [&](const std::string& body, std::size_t count) {
    const Error error = error_of([&] { run(folder, body, count); });
    INFO(error.what());
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK(error.parts().file == folder.path("tagger.pt"));
    CHECK(error.parts().found.find('\n') == std::string::npos);
  };
  for (const std::string& statement : {overwrite, read}) {
    INFO(statement);
    refused("    " + statement + "\n", 1);
    refused(in_the_run(statement), 2);
    CHECK(test::read_file(path) == words);
  }
  // LibTorch does not say that this fails.
  for (const std::string& target : {path, made}) {
    const std::string statement = "torch.save(x, '" + target + "')";
    run(folder, "    " + statement + "\n", 1);
    run(folder, in_the_run(statement), 2);
    CHECK(test::read_file(path) == words);
    CHECK(::access(made.c_str(), F_OK) != 0);
  }
  // It is the confinement that keeps them from it.
  run(folder, "    torch.save(x, '" + made + "')\n", 1, {}, /*confined=*/false);
  CHECK(::access(made.c_str(), F_OK) == 0);
  run(folder, in_the_run(overwrite), 2, {}, /*confined=*/false);
  CHECK(test::read_file(path) != words);
}

TEST_CASE("a script that takes too long or too much in the run", "[torchscript]") {
  const TemporaryFolder folder;
  const EngineLimits limits = {.batch_seconds = 0.5, .memory = std::uint64_t{1} << 30};
  const Error slow = error_of([&] {
    run(folder, "    n = 0\n    while x.size(0) > 1 and n >= 0:\n        n = 1 - n\n", 2, limits);
  });
  CHECK(slow.kind() == ErrorKind::bad_data);
  CHECK_THAT(slow.parts().found, Contains("has not ended after"));
  const Error large =
      error_of([&] { run(folder, in_the_run("x = x + torch.zeros([3000000000])[0]"), 2, limits); });
  CHECK(large.kind() == ErrorKind::bad_data);
  CHECK_THAT(large.parts().found, Contains("memory"));
}

TEST_CASE("a script that does not end in the trial", "[torchscript]") {
  const TemporaryFolder folder;
  const Error slow = error_of([&] {
    run(folder, "    n = 0\n    while n >= 0:\n        n = 1 - n\n", 1, {.start_seconds = 5});
  });
  CHECK(slow.kind() == ErrorKind::bad_data);
  CHECK_THAT(slow.parts().found, Contains("has not ended after"));
}

TEST_CASE("more pictures than a batch has go through one after the other", "[torchscript]") {
  const TemporaryFolder folder;
  run(folder, "    assert x.size(0) <= 4\n", 11);
}

TEST_CASE("balse tag runs a TorchScript only if told to, and shut in", "[torchscript]") {
  const TemporaryFolder folder;
  const std::vector<std::string> command = {"tag",       folder.write("p.ppm", "P6\n1 1\n255\nabc"),
                                            "--weights", save(folder, ""),
                                            "--tags",    folder.write("tags.json", R"(["a"])")};
  const auto with = [&](const char* option) {
    std::vector<std::string> more = command;
    more.emplace_back(option);
    return more;
  };
  constexpr const char* kRows = "item,tag,weight\np,a,0.500000\n";
  const Outcome not_told = test::run_balse(command);
  CHECK(not_told.exit_code == EX_USAGE);
  CHECK_THAT(not_told.err, Contains("--allow-torchscript") && Contains("a program"));
  CHECK(test::run_balse(with("--allow-torchscript")).out == kRows);

  const std::vector<test::Refusal> no_seccomp = {
      {.call = SCMP_SYS(seccomp), .error_number = ENOSYS},
      {.call = SCMP_SYS(prctl), .error_number = EINVAL, .mask = ~0UL, .value = PR_SET_SECCOMP}};
  const Outcome nothing = test::run_refused(no_seccomp, with("--allow-torchscript"));
  CHECK(nothing.exit_code == EX_USAGE);
  CHECK_THAT(nothing.err, Contains("seccomp") && Contains("--unsafe-torchscript"));
  CHECK(nothing.out.empty());
  CHECK(test::run_refused(no_seccomp, with("--unsafe-torchscript")).out == kRows);
}

TEST_CASE("where no process or thread can be started balse tag ends with 71", "[torchscript]") {
  const TemporaryFolder folder;
  const std::string output = folder.write("tags.csv", "item,tag,weight\n");
  const std::vector<std::string> command = {"tag",
                                            folder.write("p.ppm", "P6\n1 1\n255\nabc"),
                                            "--weights",
                                            save(folder, ""),
                                            "--tags",
                                            folder.write("tags.json", R"(["a"])"),
                                            "--output",
                                            output,
                                            "--allow-torchscript"};
  const test::Refusal no_clone3 = {.call = SCMP_SYS(clone3), .error_number = ENOSYS};
  const test::Refusal no_thread = {
      .call = SCMP_SYS(clone), .error_number = EAGAIN, .mask = CLONE_THREAD, .value = CLONE_THREAD};
  const test::Refusal nothing = {.call = SCMP_SYS(clone), .error_number = EAGAIN};
  for (const test::Refusal& refusal : {no_thread, nothing}) {
    const Outcome outcome = test::run_refused({no_clone3, refusal}, command);
    INFO(outcome.err);
    CHECK(outcome.exit_code == EX_OSERR);
    CHECK_THAT(outcome.err, Contains("can be started"));
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    CHECK(test::read_file(output) == "item,tag,weight\n");
  }
}

}  // namespace balse::confinement_test
