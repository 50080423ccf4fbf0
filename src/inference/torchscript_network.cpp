#include "torchscript_network.hpp"

#include <ATen/Parallel.h>
#include <algorithm>
#include <filesystem>
#include <new>
#include <string_view>
#include <torch/csrc/jit/runtime/print_handler.h>
#include <utility>
#include <vector>

#include "balse/support/error.hpp"

#include "isolated.hpp"
#include "runtime.hpp"
#include "script_archive.hpp"
#include "torch_network.hpp"

namespace balse {
namespace {

/// LibTorch's messages go on for pages of stack. The line that says something is the first; of what
/// fails in the script itself, it is the last.
std::string essence(const std::exception& error) {
  const auto* const own = dynamic_cast<const c10::Error*>(&error);
  std::string_view rest = own != nullptr ? own->what_without_backtrace() : error.what();
  std::vector<std::string_view> lines;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      lines.push_back(line);
    }
  }
  if (lines.empty()) {
    return "no reason given";
  }
  const bool in_script = lines.front().find("TorchScript interpreter") != std::string_view::npos;
  return shorten(in_script ? lines.back() : lines.front(), 200);
}

[[noreturn]] void fail(const std::string& path, const std::string& found) {
  throw Error(ErrorKind::bad_data,
              {.file = path,
               .found = found,
               .expected = "a TorchScript tagger, as torch.jit.save() writes it"});
}

/// What LibTorch and scripts throw is of many classes; here they become a sentence on the file.
template <typename Action>
auto attempt(const std::string& path, const std::string& failure, const Action& action) {
  try {
    return action();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    fail(path, failure + " (LibTorch: " + essence(error) + ")");
  }
}

class TorchscriptNetwork final : public Network {
 public:
  TorchscriptNetwork(std::string path, const InputSpec& input, Activation activation,
                     const NetworkOptions& options)
      : path_(std::move(path)),
        shape_{3, static_cast<std::int64_t>(input.height), static_cast<std::int64_t>(input.width)},
        module_(load(activation, options)) {}

  std::size_t outputs() const override { return module_.outputs(); }
  void run(std::span<const float> inputs, std::size_t count,
           std::span<float> probabilities) override {
    attempt(path_, does_not_run(count), [&] { module_.run(inputs.data(), count, probabilities); });
  }

 private:
  TorchModule load(Activation activation, const NetworkOptions& options) const {
    const auto script = attempt(path_, "this cannot be loaded",
                                [&] { return torch::jit::load(path_, torch::kCPU); });
    return attempt(path_, does_not_run(1),
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

}  // namespace

std::unique_ptr<Network> make_torchscript_network(const std::string& path, const InputSpec& input,
                                                  Activation activation,
                                                  const NetworkOptions& options) {
  prepare_runtime(options);
  // What a script prints is none of the results.
  torch::jit::setPrintHandler([](const std::string& /*text*/) {});
  check_script_archive(path);
  // LibTorch crashes on what was not written by itself, and a script may ask for any memory: what
  // this process could not survive must happen elsewhere first.
  constexpr std::uint64_t kMemory = std::uint64_t{4} << 30;
  constexpr std::uint64_t kSeconds = 120;  // for loading, and one picture
  const Allowance allowance = {.memory = kMemory + 4 * std::filesystem::file_size(path),
                               .seconds = kSeconds};
  const std::string problem = run_isolated(allowance, [&] {
    at::set_num_threads(1);
    const TorchscriptNetwork trial(path, input, activation, {.threads = 1});
  });
  if (!problem.empty()) {
    fail(path, problem);
  }
  return std::make_unique<TorchscriptNetwork>(path, input, activation, options);
}

}  // namespace balse
