#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <libheif/heif.h>
#include <libheif/heif_plugin.h>

namespace balse {

/// Decoders of what is in AVIF and HEIC, by dav1d and libde265. libheif has such ones itself, but
/// they allocate whatever the bits say, which need not be what the file around them says, and
/// dav1d's writes to standard error. Registers both once; larger pictures end with
/// heif_suberror_Security_limit_exceeded of heif_error_Decoder_plugin_error.
void register_heif_decoders(std::uint64_t max_pixels);

/// Planes of a decoded picture: brightness and two of colour, or brightness alone.
struct HeifPlanes {
  heif_chroma chroma = heif_chroma_monochrome;
  int width = 0;
  int height = 0;
  int bits = 8;
  std::array<const std::uint8_t*, 3> first_rows = {};
  std::array<std::ptrdiff_t, 3> strides = {};  ///< bytes
  std::array<int, 3> code_points = {};         ///< primaries, transfer, matrix (ITU-T H.273)
  bool full_range = false;
};
/// A copy of them for libheif.
heif_error copy_planes(const HeifPlanes& planes, heif_image** image);

inline heif_error heif_failure(heif_suberror_code reason = heif_suberror_Unspecified) {
  return {heif_error_Decoder_plugin_error, reason,
          reason == heif_suberror_Security_limit_exceeded ? "too many pixels" : "broken"};
}
inline constexpr heif_error kHeifOk = {heif_error_Ok, heif_suberror_Unspecified, "ok"};

/// What the decoders take at most.
std::uint64_t heif_pixel_limit();

const heif_decoder_plugin& av1_decoder();
const heif_decoder_plugin& hevc_decoder();

}  // namespace balse
