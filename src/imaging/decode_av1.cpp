#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dav1d/dav1d.h>

#include <climits>

#include "heif_decoders.hpp"

namespace balse {
namespace {

struct Av1Decoder {
  Dav1dContext* context = nullptr;
  Dav1dData data = {};
};

const char* name_av1() {
  return "dav1d, with limits";
}

int support_av1(heif_compression_format format) {
  return format == heif_compression_AV1 ? 1000 : 0;  // before libheif's own
}

heif_error open_av1(void** decoder) {
  Dav1dSettings settings;
  dav1d_default_settings(&settings);
  settings.n_threads = 1;
  settings.all_layers = 0;
  settings.frame_size_limit =
      static_cast<unsigned>(std::min<std::uint64_t>(heif_pixel_limit(), UINT_MAX));
  settings.logger = {nullptr, nullptr};
  auto* const made = new Av1Decoder;
  if (dav1d_open(&made->context, &settings) != 0) {
    delete made;
    return {heif_error_Memory_allocation_error, heif_suberror_Unspecified, "no decoder"};
  }
  *decoder = made;
  return kHeifOk;
}

void close_av1(void* decoder) {
  auto* const av1 = static_cast<Av1Decoder*>(decoder);
  if (av1->data.sz > 0) {
    dav1d_data_unref(&av1->data);
  }
  dav1d_close(&av1->context);
  delete av1;
}

heif_error push_av1(void* decoder, const void* bytes, std::size_t size) {
  auto* const av1 = static_cast<Av1Decoder*>(decoder);
  std::uint8_t* const copy =
      size > 0 && av1->data.sz == 0 ? dav1d_data_create(&av1->data, size) : nullptr;
  if (copy == nullptr) {
    return heif_failure();
  }
  std::memcpy(copy, bytes, size);
  return kHeifOk;
}

heif_chroma chroma_of(Dav1dPixelLayout layout) {
  switch (layout) {
    case DAV1D_PIXEL_LAYOUT_I400:
      return heif_chroma_monochrome;
    case DAV1D_PIXEL_LAYOUT_I420:
      return heif_chroma_420;
    case DAV1D_PIXEL_LAYOUT_I422:
      return heif_chroma_422;
    default:
      return heif_chroma_444;
  }
}

heif_error decode_av1(void* decoder, heif_image** image) {
  auto* const av1 = static_cast<Av1Decoder*>(decoder);
  Dav1dPicture picture = {};
  int result = DAV1D_ERR(EAGAIN);
  // It takes data until it has a picture to give, and then some call gives it.
  while (result == DAV1D_ERR(EAGAIN)) {
    if (av1->data.sz > 0) {
      const int sent = dav1d_send_data(av1->context, &av1->data);
      if (sent != 0 && sent != DAV1D_ERR(EAGAIN)) {
        return heif_failure(sent == DAV1D_ERR(ERANGE) ? heif_suberror_Security_limit_exceeded
                                                      : heif_suberror_Unspecified);
      }
    }
    const bool all_sent = av1->data.sz == 0;
    result = dav1d_get_picture(av1->context, &picture);
    if (result == DAV1D_ERR(EAGAIN) && all_sent) {
      result = dav1d_get_picture(av1->context, &picture);  // drains
      break;
    }
  }
  if (result != 0) {
    return heif_failure(result == DAV1D_ERR(ERANGE) ? heif_suberror_Security_limit_exceeded
                                                    : heif_suberror_Unspecified);
  }
  const auto plane = [&](int k) { return static_cast<const std::uint8_t*>(picture.data[k]); };
  const Dav1dSequenceHeader& header = *picture.seq_hdr;
  const heif_error error =
      copy_planes({.chroma = chroma_of(picture.p.layout),
                   .width = picture.p.w,
                   .height = picture.p.h,
                   .bits = picture.p.bpc,
                   .first_rows = {plane(0), plane(1), plane(2)},
                   .strides = {picture.stride[0], picture.stride[1], picture.stride[1]},
                   .code_points = {static_cast<int>(header.pri), static_cast<int>(header.trc),
                                   static_cast<int>(header.mtrx)},
                   .full_range = header.color_range != 0},
                  image);
  dav1d_picture_unref(&picture);
  return error;
}

}  // namespace

const heif_decoder_plugin& av1_decoder() {
  static const heif_decoder_plugin kPlugin = {.plugin_api_version = 3,
                                              .get_plugin_name = name_av1,
                                              .init_plugin = nullptr,
                                              .deinit_plugin = nullptr,
                                              .does_support_format = support_av1,
                                              .new_decoder = open_av1,
                                              .free_decoder = close_av1,
                                              .push_data = push_av1,
                                              .decode_image = decode_av1,
                                              .set_strict_decoding = nullptr,
                                              .id_name = "balse-dav1d"};
  return kPlugin;
}

}  // namespace balse
