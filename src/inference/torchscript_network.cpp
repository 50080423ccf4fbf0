#include "torchscript_network.hpp"

#include <utility>

#include "balse/support/error.hpp"

#include "runtime.hpp"
#include "torch_network.hpp"

namespace balse {
namespace {

/// LibTorch's messages go on for pages of stack; the first line says what there is to say.
std::string first_line(const c10::Error& error) {
  const std::string text = error.what_without_backtrace();
  return text.substr(0, text.find('\n'));
}

[[noreturn]] void fail(const std::string& path, const std::string& found, const c10::Error& error) {
  throw Error(ErrorKind::bad_data,
              {.file = path,
               .found = found + " (LibTorch: " + shorten(first_line(error), 200) + ")",
               .expected = "a TorchScript tagger, as torch.jit.save() writes it"});
}

class TorchscriptNetwork final : public Network {
 public:
  TorchscriptNetwork(torch::jit::Module module, const InputSpec& input, Activation activation,
                     const NetworkOptions& options)
      : module_(
            std::move(module),
            {3, static_cast<std::int64_t>(input.height), static_cast<std::int64_t>(input.width)},
            activation, options) {}

  std::size_t outputs() const override { return module_.outputs(); }
  void run(std::span<const float> inputs, std::size_t count,
           std::span<float> probabilities) override {
    module_.run(inputs.data(), count, probabilities);
  }

 private:
  TorchModule module_;
};

}  // namespace

std::unique_ptr<Network> make_torchscript_network(const std::string& path, const InputSpec& input,
                                                  Activation activation,
                                                  const NetworkOptions& options) {
  prepare_runtime(options);
  torch::jit::Module module;
  try {
    module = torch::jit::load(path, torch::kCPU);
  } catch (const c10::Error& error) {
    fail(path, "this cannot be loaded", error);
  }
  try {
    return std::make_unique<TorchscriptNetwork>(std::move(module), input, activation, options);
  } catch (const c10::Error& error) {
    fail(path,
         "this does not run on 1 x 3 x " + std::to_string(input.height) + " x " +
             std::to_string(input.width) + " floats",
         error);
  }
}

}  // namespace balse
