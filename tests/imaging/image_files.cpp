#include "imaging/image_files.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <opencv2/imgcodecs.hpp>
#include <webp/encode.h>
#include <webp/mux.h>

#include <catch2/catch.hpp>
#include <zlib.h>

// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>

using namespace std::string_literals;

namespace balse::test {
namespace {

cv::Mat mat_of(const Image& image) {
  return {static_cast<int>(image.height), static_cast<int>(image.width),
          image.sample_bytes == 2 ? CV_16UC3 : CV_8UC3,
          const_cast<std::uint8_t*>(image.bytes.data())};
}

std::string text_of(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(value >> shift);
  }
  return bytes;
}

}  // namespace

Image gradient_image(std::size_t width, std::size_t height, std::size_t sample_bytes) {
  Image image{.width = width, .height = height, .sample_bytes = sample_bytes, .bytes = {}};
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      const std::size_t samples[3] = {40 + 150 * x / width, 220 - 180 * y / height,
                                      90 + 50 * (x + y) / (width + height)};
      for (const std::size_t sample : samples) {
        if (sample_bytes == 2) {
          image.bytes.push_back(static_cast<std::uint8_t>(x * 37 + y));  // a fraction
        }
        image.bytes.push_back(static_cast<std::uint8_t>(sample));
      }
    }
  }
  return image;
}

std::string encoded(const std::string& extension, const Image& image,
                    const std::vector<int>& parameters) {
  std::vector<std::uint8_t> file;
  REQUIRE(cv::imencode(extension, mat_of(image), file, parameters));
  return text_of(file);
}

std::string encoded(const std::string& extension, std::size_t width, std::size_t height,
                    int channels, const std::vector<std::uint8_t>& samples,
                    const std::vector<int>& parameters) {
  const cv::Mat pixels(static_cast<int>(height), static_cast<int>(width), CV_8UC(channels),
                       const_cast<std::uint8_t*>(samples.data()));
  std::vector<std::uint8_t> file;
  REQUIRE(cv::imencode(extension, pixels, file, parameters));
  return text_of(file);
}

Image decoded_by_opencv(const std::string& file) {
  const cv::Mat bytes(1, static_cast<int>(file.size()), CV_8U, const_cast<char*>(file.data()));
  const cv::Mat decoded =
      cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_ANYDEPTH | cv::IMREAD_IGNORE_ORIENTATION);
  Image image{.width = static_cast<std::size_t>(decoded.cols),
              .height = static_cast<std::size_t>(decoded.rows),
              .sample_bytes = decoded.elemSize1(),
              .bytes = {}};
  if (!decoded.empty()) {
    REQUIRE(decoded.isContinuous());
    image.bytes.assign(decoded.data, decoded.data + decoded.total() * decoded.elemSize());
  }
  return image;
}

std::string cmyk_jpeg(std::size_t width, std::size_t height,
                      const std::vector<std::uint8_t>& samples, bool adobe) {
  jpeg_compress_struct info = {};
  jpeg_error_mgr errors = {};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  info.input_components = 4;
  info.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_colorspace(&info, JCS_CMYK);
  jpeg_set_quality(&info, 100, TRUE);
  info.write_Adobe_marker = adobe ? TRUE : FALSE;
  jpeg_start_compress(&info, TRUE);
  for (std::size_t y = 0; y < height; ++y) {
    auto* row = const_cast<JSAMPROW>(samples.data() + y * width * 4);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const std::unique_ptr<unsigned char, void (*)(void*)> release(memory, std::free);
  return {reinterpret_cast<const char*>(memory), size};
}

std::string png_of(const std::vector<std::pair<std::string, std::string>>& chunks) {
  std::string file = "\x89PNG\r\n\x1a\n";
  const auto add = [&](const std::string& type, const std::string& data) {
    const std::string checked = type + data;
    file +=
        big_endian(static_cast<std::uint32_t>(data.size())) + checked +
        big_endian(static_cast<std::uint32_t>(::crc32(
            0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()))));
  };
  for (const auto& [type, data] : chunks) {
    add(type, data);
  }
  add("IEND", "");
  return file;
}

std::string png_header(std::uint32_t width, std::uint32_t height, int depth, int color_type) {
  return big_endian(width) + big_endian(height) + static_cast<char>(depth) +
         static_cast<char>(color_type) + std::string(3, '\0');
}

std::string png_data(const std::string& rows) {
  uLongf size = ::compressBound(rows.size());
  std::string bytes(size, '\0');
  REQUIRE(::compress(reinterpret_cast<Bytef*>(bytes.data()), &size,
                     reinterpret_cast<const Bytef*>(rows.data()), rows.size()) == Z_OK);
  bytes.resize(size);
  return bytes;
}

std::string animated_webp(const std::vector<Image>& frames) {
  const auto width = static_cast<int>(frames.at(0).width);
  const auto height = static_cast<int>(frames.at(0).height);
  const std::unique_ptr<WebPAnimEncoder, void (*)(WebPAnimEncoder*)> encoder(
      WebPAnimEncoderNew(width, height, nullptr), WebPAnimEncoderDelete);
  REQUIRE(encoder);
  WebPConfig config;
  REQUIRE(WebPConfigInit(&config) != 0);
  config.lossless = 1;
  config.exact = 1;
  int time = 0;
  for (const Image& frame : frames) {
    WebPPicture picture;
    REQUIRE(WebPPictureInit(&picture) != 0);
    picture.use_argb = 1;
    picture.width = width;
    picture.height = height;
    REQUIRE(WebPPictureImportBGR(&picture, frame.bytes.data(), width * 3) != 0);
    REQUIRE(WebPAnimEncoderAdd(encoder.get(), &picture, time, &config) != 0);
    WebPPictureFree(&picture);
    time += 100;
  }
  REQUIRE(WebPAnimEncoderAdd(encoder.get(), nullptr, time, nullptr) != 0);
  WebPData data;
  WebPDataInit(&data);
  REQUIRE(WebPAnimEncoderAssemble(encoder.get(), &data) != 0);
  std::string file(reinterpret_cast<const char*>(data.bytes), data.size);
  WebPDataClear(&data);
  return file;
}

std::vector<std::pair<std::string, std::string>> samples_of_all_formats() {
  const Image image = gradient_image(19, 13);
  const Image deep = gradient_image(19, 13, 2);
  std::vector<std::uint8_t> inks(19 * 13 * 4);
  for (std::size_t k = 0; k < inks.size(); ++k) {
    inks[k] = static_cast<std::uint8_t>(k);
  }
  Image later = image;
  later.bytes[0] ^= 0xff;
  const std::vector<std::uint8_t> grays(image.bytes.begin(), image.bytes.begin() + 19 * 13);
  const std::string palette("\0\0\0\xff\0\0\0\xff\0\0\0\xff", 12);
  const GifFrame frame{.left = 1,
                       .top = 2,
                       .width = 4,
                       .height = 3,
                       .indices = {0, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 3}};
  GifFrame interlaced = frame;
  interlaced.interlaced = true;
  std::vector<std::pair<std::string, std::string>> samples = {
      {"gif", gif_of(6, 5, palette, {frame})},
      {"interlaced gif", gif_of(6, 5, palette, {interlaced, frame})},
      {"jpeg", encoded(".jpg", image)},
      {"progressive jpeg", encoded(".jpg", image, {cv::IMWRITE_JPEG_PROGRESSIVE, 1})},
      {"gray jpeg", encoded(".jpg", 19, 13, 1, grays)},
      {"cmyk jpeg", cmyk_jpeg(19, 13, inks, true)},
      {"png", encoded(".png", image)},
      {"16-bit png", encoded(".png", deep)},
      {"palette png", png_of({{"IHDR", png_header(8, 2, 2, 3)},
                              {"PLTE", palette},
                              {"IDAT", png_data(std::string("\0\x1b\xe4\0\xff\x1b", 6))}})},
      {"lossless webp", encoded(".webp", image, {cv::IMWRITE_WEBP_QUALITY, 101})},
      {"webp", encoded(".webp", image, {cv::IMWRITE_WEBP_QUALITY, 80})},
      {"animated webp", animated_webp({image, later})},
      {"bmp", encoded(".bmp", image)},
      {"bmp of runs", "BM\x4a\0\0\0\0\0\0\0\x42\0\0\0\x28\0\0\0\4\0\0\0\2\0\0\0\1\0\x8\0\1\0\0\0"s +
                          std::string(12, '\0') + "\3\0\0\0\0\0\0\0"s + "abc\0def\0ghi\0"s +
                          "\4\1\0\0\0\3\1\2\1\0\1\2\0\1"s},
      {"tiff", encoded(".tiff", image)},
      {"tiled tiff", tiff_of({.width = 19, .height = 13, .bits = 4, .tile = 16},
                             std::vector<std::uint16_t>(19 * 13, 5))},
      {"tiff of planes",
       tiff_of({.width = 8, .height = 8, .samples = 3, .photometric = 2, .separate = true},
               std::vector<std::uint16_t>(8 * 8 * 3, 77))},
      {"16-bit tiff", encoded(".tiff", deep)},
      {"ppm", encoded(".ppm", image)},
      {"16-bit ppm", encoded(".ppm", deep)},
      {"pgm", encoded(".pgm", 19, 13, 1, grays)},
      {"text ppm", encoded(".ppm", image, {cv::IMWRITE_PXM_BINARY, 0})},
      {"sun raster", encoded(".ras", image)},
      {"jpeg 2000", encoded(".jp2", gradient_image(64, 64))},
  };
  for (const std::string format : {"avif", "heic"}) {
    const Image larger = gradient_image(64, 64);
    if (std::string file = heif_of(format, 64, 64, 3, larger.bytes); !file.empty()) {
      samples.emplace_back(format, std::move(file));
    }
  }
  return samples;
}

}  // namespace balse::test
