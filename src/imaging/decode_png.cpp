#include "decode_png.hpp"

#include <csetjmp>
#include <cstring>
#include <png.h>
#include <string>

#include "image_file.hpp"

namespace balse {
namespace {

/// What libpng calls back with.
struct Reading {
  std::span<const std::byte> rest;
  std::string problem;
  std::uint32_t height = 0;
  bool begun = false;  ///< there is a row
  bool early = false;  ///< the file ends where it must not
  bool whole = false;  ///< but behind the last row
};

void read(png_structp png, png_bytep out, std::size_t size) {
  auto* const reading = static_cast<Reading*>(png_get_io_ptr(png));
  if (size > reading->rest.size()) {
    reading->early = true;
    // What libpng reads on behind the last row, of the last pass if it is interlaced.
    reading->whole =
        reading->begun && (png_get_current_pass_number(png) == PNG_INTERLACE_ADAM7_PASSES ||
                           png_get_current_row_number(png) == reading->height);
    png_error(png, "");
  }
  std::memcpy(out, reading->rest.data(), size);
  reading->rest = reading->rest.subspan(size);
}

[[noreturn]] void stop_png(png_structp png, png_const_charp message) {
  static_cast<Reading*>(png_get_error_ptr(png))->problem = message;
  png_longjmp(png, 1);
}

void ignore(png_structp /*png*/, png_const_charp /*message*/) {}

/// The next three are all that libpng is asked to do, in functions of their own so that no object
/// of theirs is alive between setjmp and longjmp. False after an error.
bool read_header(png_structp png, png_infop info, Raster& raster, Reading& reading) {
  if (setjmp(png_jmpbuf(png)) != 0) {  // NOLINT(cert-err52-cpp): libpng's way
    return false;
  }
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // the caller's limit is another
  // Neither profiles and gamma nor texts change what is read.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(png, info);
  raster.width = png_get_image_width(png, info);
  raster.height = png_get_image_height(png, info);
  reading.height = static_cast<std::uint32_t>(raster.height);
  return true;
}

bool choose_form(png_structp png, png_infop info, Raster& raster, const DecodeOptions& options) {
  if (setjmp(png_jmpbuf(png)) != 0) {  // NOLINT(cert-err52-cpp)
    return false;
  }
  png_set_palette_to_rgb(png);  // and a transparent colour to opacity
  png_set_expand_gray_1_2_4_to_8(png);
  png_set_tRNS_to_alpha(png);
  png_set_gray_to_rgb(png);
  if (options.alpha == Alpha::drop) {
    png_set_strip_alpha(png);
  }
  png_set_bgr(png);
  png_set_swap(png);  // 16-bit samples are big-endian in the file
  png_set_interlace_handling(png);
  if (options.allow_truncated) {
    // libpng asks for this much of the file at once, and what is less at its end is lost.
    png_set_compression_buffer_size(png, 16);
  }
  png_read_update_info(png, info);
  raster.sample_bytes = png_get_bit_depth(png, info) / 8U;
  raster.channels = png_get_channels(png, info);
  return raster.channels >= 3 && png_get_rowbytes(png, info) == raster.row_bytes();
}

/// Rows of an interlaced picture are filled from its first pass on, finer with each.
bool read_rows(png_structp png, Raster& raster, int passes, Reading& reading) {
  if (setjmp(png_jmpbuf(png)) != 0) {  // NOLINT(cert-err52-cpp)
    return false;
  }
  for (int pass = 0; pass < passes; ++pass) {
    for (std::size_t y = 0; y < raster.height; ++y) {
      png_read_row(png, nullptr, raster.row(y));
      reading.begun = true;
    }
  }
  png_read_end(png, nullptr);
  return true;
}

/// libpng's two objects.
class Reader {
 public:
  explicit Reader(Reading& reading)
      : png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, stop_png, ignore)),
        info_(png_ != nullptr ? png_create_info_struct(png_) : nullptr) {
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
    png_set_read_fn(png_, &reading, read);
  }
  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  png_structp png() const { return png_; }
  png_infop info() const { return info_; }

 private:
  png_structp png_;
  png_infop info_;
};

}  // namespace

Raster decode_png(std::span<const std::byte> file, std::uint64_t max_pixels,
                  const DecodeOptions& options) {
  Reading reading{.rest = file, .problem = {}};
  const Reader reader(reading);
  const auto fail = [&](bool may_be_allowed) {
    if (reading.early) {
      fail_early("a PNG", may_be_allowed);
    }
    fail_image("a broken PNG (" + reading.problem + ")");
  };
  Raster raster;
  if (!read_header(reader.png(), reader.info(), raster, reading)) {
    fail(false);
  }
  check_size(raster.width, raster.height, max_pixels);
  if (!choose_form(reader.png(), reader.info(), raster, options)) {
    fail(false);
  }
  raster.bytes.resize(raster.row_bytes() * raster.height);
  if (options.allow_truncated) {
    fill_missing(raster, 0);
  }
  const bool interlaced =
      png_get_interlace_type(reader.png(), reader.info()) == PNG_INTERLACE_ADAM7;
  if (!read_rows(reader.png(), raster, interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1, reading)) {
    // Without its last chunks a picture is whole.
    const bool enough = reading.whole || (options.allow_truncated && reading.begun);
    if (!reading.early || !enough) {
      fail(!options.allow_truncated);
    }
  }
  return raster;
}

}  // namespace balse
