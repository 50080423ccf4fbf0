#include "torchscript_network.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <new>
#include <thread>
#include <torch/csrc/jit/runtime/print_handler.h>
#include <utility>

#include "balse/support/error.hpp"

#include "confinement.hpp"
#include "runtime.hpp"
#include "script_archive.hpp"
#include "torch_failure.hpp"
#include "torch_network.hpp"

namespace balse {
namespace {

[[noreturn]] void refuse_script(const std::string& path, const std::string& found) {
  throw Error(ErrorKind::bad_data,
              {.file = path,
               .found = found,
               .expected = "a TorchScript tagger, as torch.jit.save() writes it"});
}

/// What LibTorch and scripts throw is of many classes; here they become a sentence on the file.
template <typename Action>
auto attempt_on(const std::string& path, const std::string& failure, const Action& action) {
  try {
    return action();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    refuse_script(path, failure + " (LibTorch: " + torch_failure(error) + ")");
  }
}

class TorchscriptNetwork final : public Network {
 public:
  TorchscriptNetwork(std::string path, std::istream& file, const InputSpec& input,
                     Activation activation, const NetworkOptions& options)
      : path_(std::move(path)),
        shape_{3, static_cast<std::int64_t>(input.height), static_cast<std::int64_t>(input.width)},
        module_(load(file, activation, options)) {}

  std::size_t outputs() override { return module_.outputs(); }
  void run(std::span<const float> inputs, std::size_t count,
           std::span<float> probabilities) override {
    attempt_on(path_, does_not_run(count),
               [&] { module_.run(inputs.data(), count, probabilities); });
  }

 private:
  TorchModule load(std::istream& file, Activation activation, const NetworkOptions& options) const {
    const auto script = attempt_on(path_, "this cannot be loaded",
                                   [&] { return torch::jit::load(file, torch::kCPU); });
    return attempt_on(path_, does_not_run(1),
                      [&] { return TorchModule(script, shape_, activation, options); });
  }
  std::string does_not_run(std::size_t count) const {
    return "this does not run on " + std::to_string(count) + " x 3 x " +
           std::to_string(shape_.height) + " x " + std::to_string(shape_.width) + " floats";
  }

  std::string path_;
  TensorShape shape_;
  TorchModule module_;
};

/// What an honest tagger may take: its weights in several forms, the pictures of a batch on their
/// way, and what every thread has for itself.
std::uint64_t allowance(const NetworkOptions& options, std::uint64_t file_size) {
  constexpr std::uint64_t kEach = std::uint64_t{128} << 20;
  const auto threads =
      static_cast<std::uint64_t>(options.threads) + std::thread::hardware_concurrency();
  return options.limits.memory + 4 * file_size + kEach * (options.batch + threads);
}

}  // namespace

std::unique_ptr<Network> make_torchscript_network(const std::string& path, const InputSpec& input,
                                                  Activation activation,
                                                  const NetworkOptions& options) {
  prepare_runtime(options);
  // What a script prints is none of the results.
  torch::jit::setPrintHandler([](const std::string& /*text*/) {});
  check_script_archive(path);
  std::ifstream file(path, std::ios::binary);
  // Before anything of the script is looked at: LibTorch runs code of it when it loads it, and
  // crashes on what was not written by itself.
  if (options.confined) {
    confine(allowance(options, std::filesystem::file_size(path)));
  }
  return std::make_unique<TorchscriptNetwork>(path, file, input, activation, options);
}

}  // namespace balse
