#include "raster.hpp"

#include <cstring>
#include <limits>
#include <utility>

namespace balse {
namespace {

/// To the nearest, which for bytes is what Pillow's alpha_composite() gives.
template <typename Sample>
Sample over_white(Sample color, Sample opacity) {
  constexpr std::uint64_t kMost = std::numeric_limits<Sample>::max();
  return static_cast<Sample>(
      (std::uint64_t{color} * opacity + kMost * (kMost - opacity) + kMost / 2) / kMost);
}

/// Samples are written no further along than they are read.
template <typename Sample>
void drop_opacity(std::vector<std::uint8_t>& bytes, bool blend) {
  const std::size_t pixels = bytes.size() / (4 * sizeof(Sample));
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    Sample samples[4];
    std::memcpy(samples, bytes.data() + pixel * sizeof samples, sizeof samples);
    if (blend) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        samples[channel] = over_white(samples[channel], samples[3]);
      }
    }
    std::memcpy(bytes.data() + pixel * 3 * sizeof(Sample), samples, 3 * sizeof(Sample));
  }
  bytes.resize(pixels * 3 * sizeof(Sample));
}

void keep_upper_bytes(std::vector<std::uint8_t>& bytes) {
  const std::size_t samples = bytes.size() / 2;
  for (std::size_t k = 0; k < samples; ++k) {
    std::uint16_t sample = 0;
    std::memcpy(&sample, bytes.data() + 2 * k, sizeof sample);
    bytes[k] = static_cast<std::uint8_t>(sample >> 8);
  }
  bytes.resize(samples);
}

}  // namespace

void Raster::allocate(std::size_t columns, std::size_t rows, std::size_t channel_count,
                      std::uint8_t filling) {
  width = columns;
  height = rows;
  channels = channel_count;
  bytes.assign(row_bytes() * height, filling);
}

void fill_missing(Raster& raster, std::size_t first_row) {
  for (std::size_t at = first_row * raster.row_bytes(); at < raster.bytes.size(); ++at) {
    const bool is_opacity = raster.channels == 4 && at / raster.sample_bytes % 4 == 3;
    raster.bytes[at] = is_opacity ? 255 : kMissingGray;
  }
}

Image flattened(Raster raster, const DecodeOptions& options) {
  if (options.eight_bits && raster.sample_bytes == 2) {
    keep_upper_bytes(raster.bytes);
    raster.sample_bytes = 1;
  }
  if (raster.channels == 4) {
    const bool blend = options.alpha == Alpha::over_white;
    if (raster.sample_bytes == 2) {
      drop_opacity<std::uint16_t>(raster.bytes, blend);
    } else {
      drop_opacity<std::uint8_t>(raster.bytes, blend);
    }
  }
  return {.width = raster.width,
          .height = raster.height,
          .sample_bytes = raster.sample_bytes,
          .bytes = std::move(raster.bytes)};
}

}  // namespace balse
