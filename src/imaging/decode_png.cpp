#include "decode_png.hpp"

#include <csetjmp>
#include <cstring>
#include <png.h>
#include <string>
#include <vector>

#include "image_file.hpp"

namespace balse {
namespace {

/// What libpng calls back with.
struct Reading {
  std::span<const std::byte> rest;
  std::string problem;
  bool early = false;
};

void read(png_structp png, png_bytep out, std::size_t size) {
  auto* const reading = static_cast<Reading*>(png_get_io_ptr(png));
  if (size > reading->rest.size()) {
    reading->early = true;
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
bool read_header(png_structp png, png_infop info, Image& image) {
  if (setjmp(png_jmpbuf(png)) != 0) {  // NOLINT(cert-err52-cpp): libpng's way
    return false;
  }
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // the caller's limit is another
  // Neither profiles and gamma nor texts change what is read.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(png, info);
  image.width = png_get_image_width(png, info);
  image.height = png_get_image_height(png, info);
  return true;
}

bool choose_form(png_structp png, png_infop info, Image& image) {
  if (setjmp(png_jmpbuf(png)) != 0) {  // NOLINT(cert-err52-cpp)
    return false;
  }
  png_set_palette_to_rgb(png);
  png_set_expand_gray_1_2_4_to_8(png);
  png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  png_set_bgr(png);
  png_set_swap(png);  // 16-bit samples are big-endian in the file
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  image.sample_bytes = png_get_bit_depth(png, info) / 8U;
  return png_get_rowbytes(png, info) == image.width * 3 * image.sample_bytes;
}

bool read_rows(png_structp png, png_bytepp rows) {
  if (setjmp(png_jmpbuf(png)) != 0) {  // NOLINT(cert-err52-cpp)
    return false;
  }
  png_read_image(png, rows);
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

Image decode_png(std::span<const std::byte> file, std::uint64_t max_pixels) {
  Reading reading{.rest = file, .problem = {}};
  const Reader reader(reading);
  const auto fail = [&] {
    fail_image(reading.early ? "a PNG that ends early" : "a broken PNG (" + reading.problem + ")");
  };
  Image image;
  if (!read_header(reader.png(), reader.info(), image)) {
    fail();
  }
  check_size(image.width, image.height, max_pixels);
  if (!choose_form(reader.png(), reader.info(), image)) {
    fail();
  }
  const std::size_t row_bytes = image.width * 3 * image.sample_bytes;
  image.bytes.resize(row_bytes * image.height);
  std::vector<png_bytep> rows(image.height);
  for (std::size_t y = 0; y < image.height; ++y) {
    rows[y] = image.bytes.data() + y * row_bytes;
  }
  if (!read_rows(reader.png(), rows.data())) {
    fail();
  }
  return image;
}

}  // namespace balse
