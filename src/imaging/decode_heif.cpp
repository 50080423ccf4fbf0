#include "decode_heif.hpp"

#include <algorithm>
#include <cstring>
#include <libheif/heif.h>
#include <memory>
#include <string>

#include "balse/support/error.hpp"

#include "heif_decoders.hpp"
#include "image_file.hpp"

namespace balse {
namespace {

template <auto kRelease>
struct ReleaseHeif {
  template <typename T>
  void operator()(T* object) const {
    kRelease(object);
  }
};
using HeifContext = std::unique_ptr<heif_context, ReleaseHeif<heif_context_free>>;
using HeifHandle = std::unique_ptr<heif_image_handle, ReleaseHeif<heif_image_handle_release>>;
using HeifImage = std::unique_ptr<heif_image, ReleaseHeif<heif_image_release>>;

void check_heif(const heif_error& error, std::uint64_t max_pixels) {
  if (error.code == heif_error_Ok) {
    return;
  }
  if (error.code == heif_error_Decoder_plugin_error &&
      error.subcode == heif_suberror_Security_limit_exceeded) {
    fail_too_large(0, 0, max_pixels);
  }
  if (error.code == heif_error_Memory_allocation_error &&
      error.subcode != heif_suberror_Security_limit_exceeded) {
    throw std::bad_alloc();
  }
  if (error.subcode == heif_suberror_End_of_data) {
    fail_early("an AVIF or HEIC", false);
  }
  const std::string message = error.message != nullptr ? error.message : "";
  fail_image("an AVIF or HEIC that libheif does not read: " + shorten(message, 100));
}

/// Samples of more than 8 bits come as words of that many; words of 16 are wanted.
void widen(Raster& raster, int bits) {
  const int missing = 16 - bits;
  for (std::size_t at = 0; at < raster.bytes.size(); at += 2) {
    std::uint16_t sample = 0;
    std::memcpy(&sample, raster.bytes.data() + at, sizeof sample);
    sample = static_cast<std::uint16_t>((sample << missing) | (sample >> (bits - missing)));
    std::memcpy(raster.bytes.data() + at, &sample, sizeof sample);
  }
}

/// Colours that are stored as they are over black.
void divide_by_opacity(Raster& raster) {
  for (std::size_t at = 0; raster.sample_bytes == 1 && at < raster.bytes.size(); at += 4) {
    const unsigned opacity = raster.bytes[at + 3];
    for (std::size_t k = at; opacity > 0 && k < at + 3; ++k) {
      raster.bytes[k] = static_cast<std::uint8_t>(
          std::min(255U, (raster.bytes[k] * 255U + opacity / 2) / opacity));
    }
  }
}

heif_chroma interleaved(bool deep, bool opacity) {
  if (deep) {
    return opacity ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE;
  }
  return opacity ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
}

/// Copies rows of red, green, blue as blue, green, red.
void copy_rows(const heif_image& image, Raster& raster) {
  int stride = 0;
  const std::uint8_t* const plane =
      heif_image_get_plane_readonly(&image, heif_channel_interleaved, &stride);
  if (plane == nullptr) {
    fail_image("a broken AVIF or HEIC");
  }
  const std::size_t sample = raster.sample_bytes;
  const std::size_t pixel = raster.channels * sample;
  for (std::size_t y = 0; y < raster.height; ++y) {
    const std::uint8_t* in = plane + y * static_cast<std::size_t>(stride);
    std::uint8_t* out = raster.row(y);
    for (std::size_t x = 0; x < raster.width; ++x, in += pixel, out += pixel) {
      std::memcpy(out, in + 2 * sample, sample);
      std::memcpy(out + sample, in + sample, sample);
      std::memcpy(out + 2 * sample, in, sample);
      std::memcpy(out + 3 * sample, in + 3 * sample, pixel - 3 * sample);
    }
  }
}

}  // namespace

Raster decode_heif(std::span<const std::byte> file, std::uint64_t max_pixels,
                   const DecodeOptions& options) {
  register_heif_decoders(max_pixels);
  const auto check = [&](const heif_error& error) { check_heif(error, max_pixels); };
  const HeifContext context(heif_context_alloc());
  heif_context_set_max_decoding_threads(context.get(), 1);
  check(
      heif_context_read_from_memory_without_copy(context.get(), file.data(), file.size(), nullptr));
  heif_image_handle* named = nullptr;
  check(heif_context_get_primary_image_handle(context.get(), &named));
  const HeifHandle handle(named);
  const auto claimed = [](int size) { return static_cast<std::uint64_t>(std::max(size, 0)); };
  check_size(claimed(heif_image_handle_get_width(handle.get())),
             claimed(heif_image_handle_get_height(handle.get())), max_pixels);

  const bool deep = heif_image_handle_get_luma_bits_per_pixel(handle.get()) > 8;
  const bool opacity =
      options.alpha != Alpha::drop && heif_image_handle_has_alpha_channel(handle.get()) != 0;
  heif_image* decoded = nullptr;
  check(heif_decode_image(handle.get(), &decoded, heif_colorspace_RGB, interleaved(deep, opacity),
                          nullptr));
  const HeifImage image(decoded);
  const std::uint64_t width = claimed(heif_image_get_width(decoded, heif_channel_interleaved));
  const std::uint64_t height = claimed(heif_image_get_height(decoded, heif_channel_interleaved));
  check_size(width, height, max_pixels);
  Raster raster{.channels = opacity ? 4U : 3U, .sample_bytes = deep ? 2U : 1U, .bytes = {}};
  raster.allocate(width, height, raster.channels);
  copy_rows(*image, raster);
  if (deep) {
    widen(raster, heif_image_get_bits_per_pixel_range(decoded, heif_channel_interleaved));
  }
  if (opacity && heif_image_handle_is_premultiplied_alpha(handle.get()) != 0) {
    divide_by_opacity(raster);
  }
  return raster;
}

}  // namespace balse
