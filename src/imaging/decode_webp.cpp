#include "decode_webp.hpp"

#include <memory>
#include <webp/decode.h>
#include <webp/demux.h>

#include "image_file.hpp"

namespace balse {
namespace {

[[noreturn]] void fail_webp() {
  fail_image("a broken WebP");
}

/// Decodes into the raster, from the pixel at `left`, `top` on, row by row as far as the file goes.
/// `width` and `height` are those of the picture in the file.
void decode_rows(std::span<const std::uint8_t> file, std::size_t left, std::size_t top,
                 std::size_t height, const DecodeOptions& options, Raster& raster) {
  const std::size_t start = top * raster.row_bytes() + left * raster.channels;
  const std::unique_ptr<WebPIDecoder, void (*)(WebPIDecoder*)> decoder(
      WebPINewRGB(raster.channels == 4 ? MODE_BGRA : MODE_BGR, raster.bytes.data() + start,
                  raster.bytes.size() - start, static_cast<int>(raster.row_bytes())),
      WebPIDelete);
  if (!decoder) {
    throw std::bad_alloc();
  }
  const VP8StatusCode status = WebPIUpdate(decoder.get(), file.data(), file.size());
  if (status == VP8_STATUS_OK) {
    return;
  }
  if (status != VP8_STATUS_SUSPENDED && status != VP8_STATUS_NOT_ENOUGH_DATA) {
    fail_webp();
  }
  int rows = 0;
  const bool begun =
      WebPIDecGetRGB(decoder.get(), &rows, nullptr, nullptr, nullptr) != nullptr && rows > 0;
  if (!begun || !options.allow_truncated) {
    fail_early("a WebP", !options.allow_truncated);
  }
  if (static_cast<std::size_t>(rows) < height) {
    fill_missing(raster, top + static_cast<std::size_t>(rows));
  }
}

/// The first frame, which libwebp gives only whole; what it leaves free of the canvas is
/// transparent, and black without.
Raster decode_first_frame(std::span<const std::uint8_t> file, std::uint64_t max_pixels,
                          const DecodeOptions& options) {
  struct Discard {
    void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
  };
  const WebPData data = {file.data(), file.size()};
  WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
  const std::unique_ptr<WebPDemuxer, Discard> demuxer(WebPDemuxPartial(&data, &state));
  WebPIterator frame = {};
  if (!demuxer || WebPDemuxGetFrame(demuxer.get(), 1, &frame) == 0) {
    if (state == WEBP_DEMUX_PARSING_HEADER || state == WEBP_DEMUX_PARSED_HEADER) {
      fail_early("a WebP", false);
    }
    fail_webp();
  }
  const std::unique_ptr<WebPIterator, void (*)(WebPIterator*)> release(&frame,
                                                                       WebPDemuxReleaseIterator);
  const std::size_t width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
  const std::size_t height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
  check_size(width, height, max_pixels);
  const auto left = static_cast<std::size_t>(frame.x_offset);
  const auto top = static_cast<std::size_t>(frame.y_offset);
  const auto rows = static_cast<std::size_t>(frame.height);
  if (left + static_cast<std::size_t>(frame.width) > width || top + rows > height) {
    fail_webp();
  }
  Raster raster;
  raster.allocate(width, height, options.alpha == Alpha::drop ? 3 : 4);
  decode_rows({frame.fragment.bytes, frame.fragment.size}, left, top, rows, options, raster);
  return raster;
}

}  // namespace

Raster decode_webp(std::span<const std::byte> file, std::uint64_t max_pixels,
                   const DecodeOptions& options) {
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(file.data()), file.size());
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status == VP8_STATUS_NOT_ENOUGH_DATA) {
    fail_early("a WebP", false);
  }
  if (status != VP8_STATUS_OK) {
    fail_webp();
  }
  const auto width = static_cast<std::size_t>(features.width);
  const auto height = static_cast<std::size_t>(features.height);
  check_size(width, height, max_pixels);
  if (features.has_animation != 0) {
    return decode_first_frame(bytes, max_pixels, options);
  }
  Raster raster;
  const bool transparent = features.has_alpha != 0 && options.alpha != Alpha::drop;
  raster.allocate(width, height, transparent ? 4 : 3);
  decode_rows(bytes, 0, 0, height, options, raster);
  return raster;
}

}  // namespace balse
