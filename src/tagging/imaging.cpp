#include "balse/tagging/imaging.hpp"

#include <cstdlib>
#include <string>

#include "balse/support/module.hpp"

namespace balse {
namespace {

const Imaging& load(std::uint64_t max_pixels) {
  // The only way to tell OpenCV; it looks when it is loaded.
  ::setenv("OPENCV_IO_MAX_IMAGE_PIXELS", std::to_string(max_pixels).c_str(),
           1);  // NOLINT(concurrency-mt-unsafe): before the command's threads start
  using Entry = const Imaging* (*)(std::uint64_t);
  return *reinterpret_cast<Entry>(load_module("balse_imaging", "balse_imaging"))(max_pixels);
}

}  // namespace

const Imaging& imaging(std::uint64_t max_pixels) {
  static const Imaging& loaded = load(max_pixels);
  return loaded;
}

}  // namespace balse
