#include <cstdlib>
#include <string>

#include "tagging/imaging_module.hpp"
#include "tagging/part.hpp"

namespace balse {
namespace {

const ImagingModule& load(std::uint64_t max_pixels) {
  // The only way to tell OpenCV; it looks when it is loaded.
  ::setenv("OPENCV_IO_MAX_IMAGE_PIXELS", std::to_string(max_pixels).c_str(),
           1);  // NOLINT(concurrency-mt-unsafe): before the command's threads start
  // OpenCV brings OpenBLAS, if that is installed, which starts a thread a processor for nothing and
  // ends the process where it cannot.
  ::setenv("OPENBLAS_NUM_THREADS", "1", 1);  // NOLINT(concurrency-mt-unsafe): as above
  // What OpenCV and its libraries map before they do anything.
  constexpr std::size_t kRoom = std::size_t{256} << 20;
  using Entry = const ImagingModule* (*)(std::uint64_t);
  return *reinterpret_cast<Entry>(load_part("balse_imaging", kRoom))(max_pixels);
}

const ImagingModule& loaded_module(std::uint64_t max_pixels) {
  static const ImagingModule& loaded = load(max_pixels);
  return loaded;
}

}  // namespace

const Imaging& imaging(std::uint64_t max_pixels) {
  return *loaded_module(max_pixels).imaging;
}

const CaffemodelImporter& caffemodel_importer() {
  return *loaded_module(kMaxPixels).importer;
}

const PosterPainter& poster_painter() {
  return *loaded_module(kMaxPixels).painter;
}

}  // namespace balse
