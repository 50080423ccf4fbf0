// The module's one way in; see balse/tagging/imaging.hpp.

#include <iostream>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "decode_image.hpp"
#include "draw_poster.hpp"
#include "import_caffemodel.hpp"
#include "tagging/imaging_module.hpp"

namespace balse {
namespace {

class OpencvImaging : public Imaging {
 public:
  explicit OpencvImaging(std::uint64_t max_pixels) : max_pixels_(max_pixels) {
    // What is wrong with a file is told once, by us. OpenCV tells it in two ways; the second is
    // std::cerr, which nothing else in this program writes to.
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    std::cerr.rdbuf(nullptr);
    // Threads are the caller's affair.
    cv::setNumThreads(1);
  }

  Image decode(std::span<const std::byte> file, const DecodeOptions& options) const override {
    return decode_image(file, max_pixels_, options);
  }

 private:
  std::uint64_t max_pixels_;
};

class OpencvImporter : public CaffemodelImporter {
 public:
  Illustration2VecWeights import_caffemodel(std::span<const std::byte> file,
                                            const std::string& path) const override {
    return balse::import_caffemodel(file, path);
  }
};

class OpencvPainter : public PosterPainter {
 public:
  std::string draw_poster(const PosterScene& scene) const override {
    return balse::draw_poster(scene);
  }
};

}  // namespace
}  // namespace balse

extern "C" __attribute__((visibility("default"))) const balse::ImagingModule* balse_imaging(
    std::uint64_t max_pixels) {
  static const balse::OpencvImaging kImaging(max_pixels);
  static const balse::OpencvImporter kImporter;
  static const balse::OpencvPainter kPainter;
  static const balse::ImagingModule kModule = {&kImaging, &kImporter, &kPainter};
  return &kModule;
}
