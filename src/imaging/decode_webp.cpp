#include "decode_webp.hpp"

#include <memory>
#include <webp/decode.h>
#include <webp/demux.h>

#include "image_file.hpp"

namespace balse {
namespace {

[[noreturn]] void fail_webp(bool early) {
  fail_image(early ? "a WebP that ends early" : "a broken WebP");
}

/// The first frame; what it leaves free of the canvas is black.
Image decode_first_frame(std::span<const std::byte> file, std::uint64_t max_pixels) {
  struct Discard {
    void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
  };
  const WebPData data = {reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
  const std::unique_ptr<WebPDemuxer, Discard> demuxer(WebPDemux(&data));
  WebPIterator frame = {};
  if (!demuxer || WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) {
    fail_webp(false);
  }
  const std::unique_ptr<WebPIterator, void (*)(WebPIterator*)> release(&frame,
                                                                       WebPDemuxReleaseIterator);
  Image image;
  image.width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
  image.height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
  check_size(image.width, image.height, max_pixels);
  const auto left = static_cast<std::size_t>(frame.x_offset);
  const auto top = static_cast<std::size_t>(frame.y_offset);
  if (left + static_cast<std::size_t>(frame.width) > image.width ||
      top + static_cast<std::size_t>(frame.height) > image.height) {
    fail_webp(false);
  }
  const std::size_t stride = image.width * 3;
  image.bytes.resize(stride * image.height);
  const std::size_t start = top * stride + left * 3;
  if (WebPDecodeBGRInto(frame.fragment.bytes, frame.fragment.size, image.bytes.data() + start,
                        image.bytes.size() - start, static_cast<int>(stride)) == nullptr) {
    fail_webp(frame.complete == 0);
  }
  return image;
}

}  // namespace

Image decode_webp(std::span<const std::byte> file, std::uint64_t max_pixels) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(file.data());
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(bytes, file.size(), &features);
  if (status != VP8_STATUS_OK) {
    fail_webp(status == VP8_STATUS_NOT_ENOUGH_DATA);
  }
  Image image;
  image.width = static_cast<std::size_t>(features.width);
  image.height = static_cast<std::size_t>(features.height);
  check_size(image.width, image.height, max_pixels);
  if (features.has_animation != 0) {
    return decode_first_frame(file, max_pixels);
  }
  image.bytes.resize(image.width * image.height * 3);
  if (WebPDecodeBGRInto(bytes, file.size(), image.bytes.data(), image.bytes.size(),
                        static_cast<int>(image.width * 3)) == nullptr) {
    fail_webp(false);
  }
  return image;
}

}  // namespace balse
