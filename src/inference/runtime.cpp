#include "runtime.hpp"

#include <ATen/Parallel.h>
#include <malloc.h>
#include <torch/cuda.h>

#include "balse/support/error.hpp"

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
  // LibTorch takes the layers' outputs from malloc and gives them back after each; glibc then hands
  // blocks of that size to the kernel, and gets them again page by page: half of the run time. Kept
  // in the heap they are mapped once.
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, -1);
  // Debian's LibTorch starts with one thread whatever the processors.
  at::set_num_threads(options.threads);
}

}  // namespace balse
