#include "runtime.hpp"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/cuda.h>
#include <vector>

#include "balse/support/error.hpp"

#include "caching_allocator.hpp"
#include "torch_network.hpp"

namespace balse {
namespace {

bool has_bfloat16() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

}  // namespace

void prepare_runtime(const NetworkOptions& options) {
  if (options.device == Device::cuda && !torch::cuda::is_available()) {
    throw Error(ErrorKind::usage, {.found = "--device cuda: this LibTorch finds no CUDA device",
                                   .hint = "--device cpu"});
  }
  if (options.device == Device::cpu && options.precision == Precision::bfloat16 &&
      !has_bfloat16()) {
    throw Error(ErrorKind::usage,
                {.found = "--precision bfloat16: this processor has no instructions for it",
                 .hint = "--precision float32"});
  }
  cache_tensor_memory();
  // Debian's LibTorch starts with one thread whatever the processors.
  at::set_num_threads(options.threads);
  // OpenBLAS, if that is what is installed, was told one for OpenCV.
  using SetThreads = void (*)(int);
  if (void* const set_threads = ::dlsym(RTLD_DEFAULT, "openblas_set_num_threads")) {
    reinterpret_cast<SetThreads>(set_threads)(options.threads);
  }
}

void warm_up_runtime(const NetworkOptions& options) {
  prepare_runtime(options);
  constexpr std::int64_t kSide = 32;
  torch::jit::Module module("warm_up");
  module.register_parameter("kernel", torch::ones({8, 3, 3, 3}), false);
  module.register_parameter("weights", torch::ones({16, 8}), false);
  module.define(
      "def forward(self, x):\n"
      "    x = torch.relu(torch.conv2d(x, self.kernel, None, [1, 1], [1, 1], [1, 1], 1))\n"
      "    x = torch.max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], False)\n"
      "    return torch.softmax(torch.linear(torch.mean(x, [2, 3]), self.weights), 1)\n");
  TorchModule network(module, {3, kSide, kSide}, Activation::sigmoid, options);
  constexpr std::size_t kPictures = 4;
  const std::vector<float> pictures(kPictures * 3 * kSide * kSide);
  std::vector<float> probabilities(kPictures * network.outputs());
  network.run(pictures.data(), kPictures, probabilities);
}

}  // namespace balse
