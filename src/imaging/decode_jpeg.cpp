#include "decode_jpeg.hpp"

#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

// After <cstdio>, which they need and do not include.
#include <jerror.h>
#include <jpeglib.h>

#include "image_file.hpp"

namespace balse {
namespace {

/// libjpeg reports by calling back, and must not return from an error.
struct Reports {
  jpeg_error_mgr base;  // first: libjpeg knows us by its address
  std::jmp_buf on_error;
  std::array<char, JMSG_LENGTH_MAX> message;
  bool allow_truncated;
  bool ended;    ///< the file, where an end marker was to come
  bool missing;  ///< and pixels with it
};

[[noreturn]] void stop_jpeg(j_common_ptr info) {
  auto* const reports = reinterpret_cast<Reports*>(info->err);
  reports->base.format_message(info, reports->message.data());
  std::longjmp(reports->on_error, 1);
}

/// Pixels that the file does not hold would be made up: these warnings are errors. The others are
/// of harmless kinds: bytes between segments, unknown versions. At the end of the file libjpeg
/// warns and makes up an end marker, which is all that it lacks, or else warns of bits that it
/// needs where that marker is.
void warn(j_common_ptr info, int level) {
  auto* const reports = reinterpret_cast<Reports*>(info->err);
  const int code = info->err->msg_code;
  if (level >= 0 || (reports->missing && reports->allow_truncated)) {
    return;
  }
  if (code == JWRN_JPEG_EOF) {
    reports->ended = true;
  } else if (code == JWRN_HIT_MARKER) {
    const auto* const jpeg = reinterpret_cast<const jpeg_decompress_struct*>(info);
    reports->missing = jpeg->unread_marker == JPEG_EOI;
    if (!reports->missing || !reports->allow_truncated) {
      stop_jpeg(info);
    }
  } else if (code == JWRN_HUFF_BAD_CODE || code == JWRN_MUST_RESYNC) {
    stop_jpeg(info);
  }
}

/// Of a file that ends after some scan, whether others would have followed. Arithmetic coding does
/// not say when it runs out of bits, so there nobody knows.
bool lacks_scans(const jpeg_decompress_struct& info) {
  if (info.arith_code != 0) {
    return true;
  }
  for (int component = 0; component < info.num_components; ++component) {
    if (info.comp_info[component].quant_table == nullptr) {
      return true;  // not begun
    }
    for (int k = 0; info.coef_bits != nullptr && k < DCTSIZE2; ++k) {
      if (info.coef_bits[component][k] != 0) {
        return true;  // of a progressive file: not to the last bit
      }
    }
  }
  return false;
}

/// Cyan, magenta, yellow, black to blue, green, red. Adobe's programs, hence nearly all, store 255
/// for no ink.
void cmyk_row(const std::uint8_t* in, std::uint8_t* out, std::size_t width, bool inverted) {
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const unsigned ink = in[4 * x + 2 - channel];
      const unsigned black = in[4 * x + 3];
      const unsigned light = inverted ? ink * black : (255 - ink) * (255 - black);
      out[3 * x + channel] = static_cast<std::uint8_t>((light + 127) / 255);
    }
  }
}

/// All that libjpeg is asked to do, so that no object of ours is alive between setjmp and longjmp.
/// False after an error.
bool decode_scans(jpeg_decompress_struct& info, Reports& reports, std::span<const std::byte> file,
                  std::uint64_t max_pixels, bool& too_large, Raster& raster,
                  std::vector<std::uint8_t>& line) {
  if (setjmp(reports.on_error) != 0) {  // NOLINT(cert-err52-cpp): libjpeg's way
    return false;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&info, TRUE);
  raster.width = info.image_width;
  raster.height = info.image_height;
  if (raster.width > max_pixels / raster.height) {
    too_large = true;
    return false;
  }
  const bool cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
  info.out_color_space = cmyk ? JCS_CMYK : JCS_EXT_BGR;
  jpeg_start_decompress(&info);
  raster.bytes.resize(raster.row_bytes() * raster.height);
  line.resize(raster.width * 4);
  while (info.output_scanline < info.output_height) {
    std::uint8_t* const out = raster.row(info.output_scanline);
    JSAMPROW target = cmyk ? line.data() : out;
    jpeg_read_scanlines(&info, &target, 1);
    if (cmyk) {
      cmyk_row(line.data(), out, raster.width, info.saw_Adobe_marker != 0);
    }
  }
  if (reports.ended && lacks_scans(info) && !reports.allow_truncated) {
    return false;
  }
  jpeg_finish_decompress(&info);
  return true;
}

}  // namespace

Raster decode_jpeg(std::span<const std::byte> file, std::uint64_t max_pixels,
                   const DecodeOptions& options) {
  jpeg_decompress_struct info = {};
  Reports reports = {};
  info.err = jpeg_std_error(&reports.base);
  reports.base.error_exit = stop_jpeg;
  reports.base.emit_message = warn;
  reports.allow_truncated = options.allow_truncated;
  Raster raster;
  std::vector<std::uint8_t> line;
  bool too_large = false;
  const bool decoded = decode_scans(info, reports, file, max_pixels, too_large, raster, line);
  const bool has_header = !raster.bytes.empty();
  jpeg_destroy_decompress(&info);
  if (too_large) {
    fail_too_large(raster.width, raster.height, max_pixels);
  }
  if (!decoded && (reports.ended || reports.missing || reports.base.msg_code == JERR_INPUT_EOF)) {
    fail_early("a JPEG", has_header && !options.allow_truncated);
  }
  if (!decoded) {
    fail_image("a broken JPEG (" + std::string(reports.message.data()) + ")");
  }
  return raster;
}

}  // namespace balse
