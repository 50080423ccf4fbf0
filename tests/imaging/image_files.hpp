#pragma once

// Image files of every format, made for the tests: by OpenCV where it writes what is needed, by
// libwebp's own writer of animations, and byte by byte.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "balse/tagging/image.hpp"

namespace balse::test {

/// Soft colours, so that lossy formats come close; 16-bit samples if `sample_bytes` is 2.
Image gradient_image(std::size_t width, std::size_t height, std::size_t sample_bytes = 1);

/// `extension` as OpenCV's imencode() takes it, such as ".png"; `parameters` too.
std::string encoded(const std::string& extension, const Image& image,
                    const std::vector<int>& parameters = {});
/// The same for any number of channels; `samples` are bytes.
std::string encoded(const std::string& extension, std::size_t width, std::size_t height,
                    int channels, const std::vector<std::uint8_t>& samples,
                    const std::vector<int>& parameters = {});
/// What OpenCV reads with the flags of Illustration2Vec's authors; no pixels where it does not.
Image decoded_by_opencv(const std::string& file);

/// A JPEG of cyan, magenta, yellow and black, four bytes a pixel, as they are to be stored; with
/// Adobe's marker or without.
std::string cmyk_jpeg(std::size_t width, std::size_t height,
                      const std::vector<std::uint8_t>& samples, bool adobe);

/// A PNG of these chunks, each with its checksum, and IEND.
std::string png_of(const std::vector<std::pair<std::string, std::string>>& chunks);
std::string png_header(std::uint32_t width, std::uint32_t height, int depth, int color_type);
/// The IDAT of rows that are already filtered.
std::string png_data(const std::string& rows);

/// An animated WebP, lossless, of these frames, all of one size.
std::string animated_webp(const std::vector<Image>& frames);

/// A picture in a GIF.
struct GifFrame {
  std::size_t left = 0;
  std::size_t top = 0;
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> indices;  ///< into the palette
  int transparent = -1;               ///< an index, or none
  bool interlaced = false;
  std::string palette;  ///< of its own, or none
};
/// A GIF by giflib's writer, of a screen and the pictures on it. Palettes are red, green and blue
/// of a power of two of colours.
std::string gif_of(std::size_t width, std::size_t height, const std::string& palette,
                   const std::vector<GifFrame>& frames);

/// How a TIFF is written.
struct TiffKind {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint16_t bits = 8;
  std::uint16_t samples = 1;  ///< a pixel
  std::uint16_t photometric =
      1;  ///< as in the file: 0 white is 0, 1 black is, 2 RGB, 3 palette ...
  std::vector<std::uint16_t> extra = {};  ///< what the samples beyond those of colours are
  bool separate = false;                  ///< a plane for each sample
  std::uint32_t tile = 0;                 ///< side of the tiles, or 0
  std::uint16_t format = 1;               ///< 1 unsigned, 2 signed, 3 floating point
  std::uint16_t orientation = 1;
  std::vector<std::uint16_t> palette = {};  ///< 3 x 2^bits: all reds first
  std::uint16_t compression = 1;            ///< 1 none, 8 deflate ...
};
/// A TIFF by libtiff's writer of height x width x samples samples.
std::string tiff_of(const TiffKind& kind, const std::vector<std::uint16_t>& samples);

enum class HeifQuality { lossless, quick };
/// An AVIF ("avif") or HEIC ("heic") of 3 or 4 channels of bytes (blue first); empty where this
/// system's libheif does not write the format.
std::string heif_of(const std::string& format, std::size_t width, std::size_t height, int channels,
                    const std::vector<std::uint8_t>& samples,
                    HeifQuality quality = HeifQuality::lossless);

/// One small file of every format that can be read.
std::vector<std::pair<std::string, std::string>> samples_of_all_formats();

inline std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace balse::test
