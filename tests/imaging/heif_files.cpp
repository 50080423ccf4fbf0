#include <libheif/heif.h>

#include <catch2/catch.hpp>

#include "imaging/image_files.hpp"
#include "support/skipped.hpp"

namespace balse::test {
namespace {

heif_error append(heif_context* /*context*/, const void* bytes, std::size_t size, void* file) {
  static_cast<std::string*>(file)->append(static_cast<const char*>(bytes), size);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

heif_image* image_of(std::size_t width, std::size_t height, int channels,
                     const std::vector<std::uint8_t>& samples) {
  heif_image* image = nullptr;
  const auto columns = static_cast<int>(width);
  const auto rows = static_cast<int>(height);
  REQUIRE(heif_image_create(
              columns, rows, heif_colorspace_RGB,
              channels == 4 ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, &image)
              .code == heif_error_Ok);
  REQUIRE(heif_image_add_plane(image, heif_channel_interleaved, columns, rows, 8).code ==
          heif_error_Ok);
  int stride = 0;
  std::uint8_t* plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
  const auto step = static_cast<std::size_t>(channels);
  for (std::size_t k = 0; k < samples.size(); ++k) {
    const std::size_t channel = k % step;
    const std::size_t pixel = k / step;
    plane[pixel / width * static_cast<std::size_t>(stride) + pixel % width * step +
          (channel < 3 ? 2 - channel : 3)] = samples[k];
  }
  return image;
}

}  // namespace

std::string heif_of(const std::string& format, std::size_t width, std::size_t height, int channels,
                    const std::vector<std::uint8_t>& samples, HeifQuality quality) {
  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  const heif_error found = heif_context_get_encoder_for_format(
      context, format == "avif" ? heif_compression_AV1 : heif_compression_HEVC, &encoder);
  if (found.code != heif_error_Ok) {
    skipped("this libheif writes no " + format);
    heif_context_free(context);
    return {};
  }
  heif_image* image = image_of(width, height, channels, samples);
  heif_color_profile_nclx* profile = heif_nclx_color_profile_alloc();
  if (quality == HeifQuality::lossless) {
    heif_encoder_set_lossless(encoder, 1);
    heif_encoder_set_parameter_string(encoder, "chroma", "444");
    profile->matrix_coefficients = heif_matrix_coefficients_RGB_GBR;
    profile->full_range_flag = 1;
  } else {
    heif_encoder_set_lossy_quality(encoder, 10);
    // Whichever of them the encoder knows.
    heif_encoder_set_parameter_string(encoder, "preset", "ultrafast");
    heif_encoder_set_parameter_integer(encoder, "speed", 9);
  }
  heif_encoding_options* options = heif_encoding_options_alloc();
  options->output_nclx_profile = profile;
  REQUIRE(heif_context_encode_image(context, image, encoder, options, nullptr).code ==
          heif_error_Ok);
  std::string file;
  heif_writer writer = {1, append};
  REQUIRE(heif_context_write(context, &writer, &file).code == heif_error_Ok);
  heif_encoding_options_free(options);
  heif_nclx_color_profile_free(profile);
  heif_image_release(image);
  heif_encoder_release(encoder);
  heif_context_free(context);
  return file;
}

}  // namespace balse::test
