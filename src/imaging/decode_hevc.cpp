#include <cstdint>
#include <libde265/de265.h>

#include "heif_decoders.hpp"

namespace balse {
namespace {

struct HevcDecoder {
  de265_decoder_context* context = nullptr;
  bool too_large = false;
};

const char* name_hevc() {
  return "libde265, with limits";
}

int support_hevc(heif_compression_format format) {
  return format == heif_compression_HEVC ? 1000 : 0;  // before libheif's own
}

/// libde265 asks for a picture's planes before it allocates anything else of its size.
int allocate_within_limit(de265_decoder_context* context, de265_image_spec* spec,
                          de265_image* image, void* decoder) {
  const std::uint64_t limit = heif_pixel_limit();
  // A picture's edges may be coded up to 64 pixels beyond what is seen.
  constexpr int kEdge = 64;
  if (spec->width <= 0 || spec->height <= 0 ||
      static_cast<std::uint64_t>(spec->width > kEdge ? spec->width - kEdge : 1) >
          limit / static_cast<std::uint64_t>(spec->height > kEdge ? spec->height - kEdge : 1)) {
    static_cast<HevcDecoder*>(decoder)->too_large = true;
    return 0;
  }
  return de265_get_default_image_allocation_functions()->get_buffer(context, spec, image, nullptr);
}

void release_as_ever(de265_decoder_context* context, de265_image* image, void* /*decoder*/) {
  de265_get_default_image_allocation_functions()->release_buffer(context, image, nullptr);
}

heif_error open_hevc(void** decoder) {
  auto* const made = new HevcDecoder;
  made->context = de265_new_decoder();
  if (made->context == nullptr) {
    delete made;
    return {heif_error_Memory_allocation_error, heif_suberror_Unspecified, "no decoder"};
  }
  de265_image_allocation functions = {allocate_within_limit, release_as_ever};
  de265_set_image_allocation_functions(made->context, &functions, made);
  *decoder = made;
  return kHeifOk;
}

void close_hevc(void* decoder) {
  auto* const hevc = static_cast<HevcDecoder*>(decoder);
  de265_free_decoder(hevc->context);
  delete hevc;
}

/// Units of the stream, each with its size before it.
heif_error push_hevc(void* decoder, const void* bytes, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(bytes);
  constexpr std::size_t kPrefix = 4;
  while (size >= kPrefix) {
    std::size_t unit = 0;
    for (std::size_t k = 0; k < kPrefix; ++k) {
      unit = unit << 8 | at[k];
    }
    at += kPrefix;
    size -= kPrefix;
    if (unit > size) {
      break;
    }
    de265_push_NAL(static_cast<HevcDecoder*>(decoder)->context, at, static_cast<int>(unit), 0,
                   nullptr);
    at += unit;
    size -= unit;
    if (size == 0) {
      return kHeifOk;
    }
  }
  return heif_failure(heif_suberror_End_of_data);
}

/// Whether copy_planes() will find what it expects.
bool has_even_planes(const de265_image* picture, const HeifPlanes& planes) {
  for (int k = 1; planes.chroma != heif_chroma_monochrome && k < 3; ++k) {
    const int across = planes.chroma == heif_chroma_444 ? 1 : 2;
    const int down = planes.chroma == heif_chroma_420 ? 2 : 1;
    if (de265_get_bits_per_pixel(picture, k) != planes.bits ||
        de265_get_image_width(picture, k) < (planes.width + across - 1) / across ||
        de265_get_image_height(picture, k) < (planes.height + down - 1) / down) {
      return false;
    }
  }
  return true;
}

HeifPlanes planes_of(const de265_image* picture) {
  constexpr heif_chroma kChromas[] = {heif_chroma_monochrome, heif_chroma_420, heif_chroma_422,
                                      heif_chroma_444};
  HeifPlanes planes{.chroma = kChromas[de265_get_chroma_format(picture)],
                    .width = de265_get_image_width(picture, 0),
                    .height = de265_get_image_height(picture, 0),
                    .bits = de265_get_bits_per_pixel(picture, 0),
                    .code_points = {de265_get_image_colour_primaries(picture),
                                    de265_get_image_transfer_characteristics(picture),
                                    de265_get_image_matrix_coefficients(picture)},
                    .full_range = de265_get_image_full_range_flag(picture) != 0};
  for (int k = 0; k < (planes.chroma == heif_chroma_monochrome ? 1 : 3); ++k) {
    int stride = 0;
    const auto channel = static_cast<std::size_t>(k);
    planes.first_rows[channel] = de265_get_image_plane(picture, k, &stride);
    planes.strides[channel] = stride;
  }
  return planes;
}

heif_error decode_hevc(void* decoder, heif_image** image) {
  auto* const hevc = static_cast<HevcDecoder*>(decoder);
  de265_flush_data(hevc->context);
  int more = 1;
  de265_error error = DE265_OK;
  while (more != 0 && error == DE265_OK) {
    more = 0;
    error = de265_decode(hevc->context, &more);
    const de265_image* const picture = de265_get_next_picture(hevc->context);
    if (hevc->too_large) {
      return heif_failure(heif_suberror_Security_limit_exceeded);
    }
    if (error == DE265_OK && picture != nullptr) {
      const HeifPlanes planes = planes_of(picture);
      return has_even_planes(picture, planes) ? copy_planes(planes, image) : heif_failure();
    }
  }
  return heif_failure();
}

}  // namespace

const heif_decoder_plugin& hevc_decoder() {
  static const heif_decoder_plugin kPlugin = {.plugin_api_version = 3,
                                              .get_plugin_name = name_hevc,
                                              .init_plugin = nullptr,
                                              .deinit_plugin = nullptr,
                                              .does_support_format = support_hevc,
                                              .new_decoder = open_hevc,
                                              .free_decoder = close_hevc,
                                              .push_data = push_hevc,
                                              .decode_image = decode_hevc,
                                              .set_strict_decoding = nullptr,
                                              .id_name = "balse-libde265"};
  return kPlugin;
}

}  // namespace balse
