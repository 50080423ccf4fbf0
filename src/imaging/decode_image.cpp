#include "decode_image.hpp"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "balse/support/error.hpp"

#include "decode_bmp.hpp"
#include "decode_gif.hpp"
#include "decode_heif.hpp"
#include "decode_jpeg.hpp"
#include "decode_png.hpp"
#include "decode_tiff.hpp"
#include "decode_webp.hpp"
#include "image_file.hpp"
#include "nameless_file.hpp"

namespace balse {
namespace {

/// Formats that are not read but people have.
struct Unread {
  std::string_view magic;
  std::size_t offset;
  const char* name;
};
constexpr Unread kUnread[] = {
    {"%PDF", 0, "a PDF"},         {"8BPS", 0, "a Photoshop file"},
    {"\xff\x0a", 0, "a JPEG XL"}, {{"\0\0\0\x0cJXL ", 8}, 0, "a JPEG XL"},
    {"<svg", 0, "an SVG"},        {"<!DOCTYPE html", 0, "a web page"},
    {"<html", 0, "a web page"},
};

/// Formats that OpenCV reads from files only. Given bytes, it writes them to a file in /tmp itself
/// and leaves that there when it refuses the picture.
constexpr std::string_view kFromFiles[] = {
    "\x59\xa6\x6a\x95", "#?RGBE", "#?RADIANCE", "PF\n", "Pf\n", "\x76\x2f\x31\x01"};

bool starts_with(std::span<const std::byte> file, std::string_view magic, std::size_t offset = 0) {
  return file.size() >= offset + magic.size() &&
         std::equal(magic.begin(), magic.end(), file.begin() + static_cast<std::ptrdiff_t>(offset),
                    [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
}

/// The brands of pictures; "mif1" and "msf1" are what a file is compatible with that names another.
bool is_heif(std::span<const std::byte> file) {
  constexpr std::string_view kBrands[] = {"avif", "avis", "heic", "heix", "hevc",
                                          "heim", "heis", "mif1", "msf1"};
  return starts_with(file, "ftyp", 4) &&
         std::any_of(std::begin(kBrands), std::end(kBrands),
                     [&](std::string_view brand) { return starts_with(file, brand, 8); });
}

/// Samples of more than 16 bits, which OpenCV gives as floats from 0 to 1.
cv::Mat as_integers(const cv::Mat& decoded) {
  if (decoded.depth() == CV_8U || decoded.depth() == CV_16U) {
    return decoded;
  }
  cv::Mat integers;
  decoded.convertTo(integers, CV_16U, 65535.0);  // saturates
  return integers;
}

cv::Mat read_with_opencv(std::span<const std::byte> file, const DecodeOptions& options) {
  constexpr std::string_view kJpeg2000[] = {{"\0\0\0\x0cjP  ", 8}, "\xff\x4f\xff\x51"};
  constexpr int kFlags = cv::IMREAD_COLOR | cv::IMREAD_ANYDEPTH | cv::IMREAD_IGNORE_ORIENTATION;
  for (const std::string_view magic : kFromFiles) {
    if (starts_with(file, magic)) {
      return cv::imread(NamelessFile(file).path(), kFlags);
    }
  }
  // Only read; cv::Mat has no way to say so.
  const cv::Mat bytes(1, static_cast<int>(file.size()), CV_8U, const_cast<std::byte*>(file.data()));
  if (options.alpha != Alpha::drop &&
      std::any_of(std::begin(kJpeg2000), std::end(kJpeg2000),
                  [&](std::string_view magic) { return starts_with(file, magic); })) {
    if (cv::Mat unchanged = cv::imdecode(bytes, cv::IMREAD_UNCHANGED); unchanged.channels() == 4) {
      return unchanged;
    }
  }
  return cv::imdecode(bytes, kFlags);
}

/// What OpenCV decodes by itself.
Raster decode_with_opencv(std::span<const std::byte> file, std::uint64_t max_pixels,
                          const DecodeOptions& options) {
  cv::Mat decoded;
  try {
    decoded = as_integers(read_with_opencv(file, options));
  } catch (const cv::Exception& error) {
    if (error.err.find("IMAGE_PIXELS") != std::string::npos) {
      fail_too_large(0, 0, max_pixels);
    }
    if (error.err.find("CV_IO_MAX_IMAGE") != std::string::npos) {
      fail_image("a picture of more than a million pixels one way");
    }
    fail_image("an image that OpenCV does not read: " + shorten(error.err, 100));
  }
  if (decoded.empty() || decoded.channels() < 3) {
    fail_image("no image of a known format, or a broken one");
  }
  Raster raster;
  raster.width = static_cast<std::size_t>(decoded.cols);
  raster.height = static_cast<std::size_t>(decoded.rows);
  raster.channels = static_cast<std::size_t>(decoded.channels());
  raster.sample_bytes = decoded.elemSize1();
  raster.bytes.reserve(raster.row_bytes() * raster.height);
  for (int y = 0; y < decoded.rows; ++y) {
    raster.bytes.insert(raster.bytes.end(), decoded.ptr(y), decoded.ptr(y) + raster.row_bytes());
  }
  return raster;
}

Raster decode_raster(std::span<const std::byte> file, std::uint64_t max_pixels,
                     const DecodeOptions& options) {
  if (starts_with(file, "\xff\xd8\xff")) {
    return decode_jpeg(file, max_pixels, options);
  }
  if (starts_with(file, kPngSignature)) {
    return decode_png(file, max_pixels, options);
  }
  if (starts_with(file, "RIFF") && starts_with(file, "WEBP", 8)) {
    return decode_webp(file, max_pixels, options);
  }
  if (starts_with(file, "GIF87a") || starts_with(file, "GIF89a")) {
    return decode_gif(file, max_pixels, options);
  }
  if (starts_with(file, "BM")) {
    return decode_bmp(file, max_pixels);
  }
  if (std::any_of(std::begin(kTiffMagics), std::end(kTiffMagics),
                  [&](std::string_view magic) { return starts_with(file, magic); })) {
    return decode_tiff(file, max_pixels);
  }
  if (is_heif(file)) {
    return decode_heif(file, max_pixels, options);
  }
  for (const Unread& format : kUnread) {
    if (starts_with(file, format.magic, format.offset)) {
      fail_image(std::string(format.name) + ", which is not read here", "converting it to PNG");
    }
  }
  return decode_with_opencv(file, max_pixels, options);
}

}  // namespace

Image decode_image(std::span<const std::byte> file, std::uint64_t max_pixels,
                   const DecodeOptions& options) {
  if (file.empty()) {
    fail_image("an empty file");
  }
  if (file.size() > INT32_MAX) {
    fail_image("a file of more than 2 GB");
  }
  return flattened(decode_raster(file, max_pixels, options), options);
}

}  // namespace balse
