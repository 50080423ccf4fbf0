#include "heif_decoders.hpp"

#include <atomic>
#include <cstring>
#include <mutex>

namespace balse {
namespace {

/// libheif's decoders are given nothing by which they could know who calls.
std::atomic<std::uint64_t> pixel_limit{0};

int subsampled(int size, bool halved) {
  return halved ? (size + 1) / 2 : size;
}

}  // namespace

void register_heif_decoders(std::uint64_t max_pixels) {
  static std::once_flag once;
  std::call_once(once, [&] {
    pixel_limit = max_pixels;
    heif_register_decoder_plugin(&av1_decoder());
    heif_register_decoder_plugin(&hevc_decoder());
  });
}

std::uint64_t heif_pixel_limit() {
  return pixel_limit;
}

heif_error copy_planes(const HeifPlanes& planes, heif_image** image) {
  const bool colored = planes.chroma != heif_chroma_monochrome;
  heif_image* made = nullptr;
  heif_error error = heif_image_create(planes.width, planes.height,
                                       colored ? heif_colorspace_YCbCr : heif_colorspace_monochrome,
                                       planes.chroma, &made);
  constexpr heif_channel kChannels[] = {heif_channel_Y, heif_channel_Cb, heif_channel_Cr};
  for (std::size_t k = 0; error.code == heif_error_Ok && k < (colored ? 3 : 1); ++k) {
    const int width = subsampled(planes.width, k > 0 && planes.chroma != heif_chroma_444);
    const int height = subsampled(planes.height, k > 0 && planes.chroma == heif_chroma_420);
    error = heif_image_add_plane(made, kChannels[k], width, height, planes.bits);
    if (error.code != heif_error_Ok) {
      break;
    }
    int stride = 0;
    std::uint8_t* const out = heif_image_get_plane(made, kChannels[k], &stride);
    const std::size_t row_bytes = static_cast<std::size_t>(width) * (planes.bits > 8 ? 2 : 1);
    for (int y = 0; y < height; ++y) {
      std::memcpy(out + std::ptrdiff_t{y} * stride, planes.first_rows[k] + y * planes.strides[k],
                  row_bytes);
    }
  }
  if (error.code != heif_error_Ok) {
    heif_image_release(made);
    return error;
  }
  heif_color_profile_nclx* const profile = heif_nclx_color_profile_alloc();
  heif_nclx_color_profile_set_color_primaries(profile,
                                              static_cast<std::uint16_t>(planes.code_points[0]));
  heif_nclx_color_profile_set_transfer_characteristics(
      profile, static_cast<std::uint16_t>(planes.code_points[1]));
  heif_nclx_color_profile_set_matrix_coefficients(
      profile, static_cast<std::uint16_t>(planes.code_points[2]));
  profile->full_range_flag = planes.full_range ? 1 : 0;
  heif_image_set_nclx_color_profile(made, profile);
  heif_nclx_color_profile_free(profile);
  *image = made;
  return kHeifOk;
}

}  // namespace balse
