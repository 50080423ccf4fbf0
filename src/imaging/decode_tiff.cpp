#include "decode_tiff.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "balse/support/error.hpp"

#include "image_file.hpp"
#include "tiff_file.hpp"
#include "tiff_samples.hpp"

namespace balse {
namespace {

enum class TiffColors { gray, inverted_gray, palette, rgb, inks };
enum class TiffOpacity { none, straight, premultiplied };

struct TiffForm {
  TiffColors colors = TiffColors::gray;
  TiffOpacity opacity = TiffOpacity::none;
  TiffLayout layout;
};

[[noreturn]] void refuse_tiff(const std::string& what) {
  fail_image("a TIFF of " + what + ", which are not read here", "converting it to PNG of 8 bits");
}

TiffColors color_kind(std::uint16_t photometric) {
  switch (photometric) {
    case PHOTOMETRIC_MINISWHITE:
      return TiffColors::inverted_gray;
    case PHOTOMETRIC_MINISBLACK:
      return TiffColors::gray;
    case PHOTOMETRIC_PALETTE:
      return TiffColors::palette;
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_YCBCR:  // libtiff makes these red, green and blue
      return TiffColors::rgb;
    case PHOTOMETRIC_SEPARATED:
      return TiffColors::inks;
    default:
      refuse_tiff("colours of an unusual kind (" + std::to_string(photometric) + ")");
  }
}

std::size_t color_samples(TiffColors colors) {
  return colors == TiffColors::rgb ? 3 : colors == TiffColors::inks ? 4 : 1;
}

TiffForm form_of(const TiffFile& file) {
  TiffForm form;
  TiffLayout& layout = form.layout;
  constexpr std::uint16_t kUnsaid = 0xffff;
  form.colors = color_kind(file.word(TIFFTAG_PHOTOMETRIC, kUnsaid));
  layout.width = file.dword(TIFFTAG_IMAGEWIDTH);
  layout.height = file.dword(TIFFTAG_IMAGELENGTH);
  layout.bits = file.word(TIFFTAG_BITSPERSAMPLE, 1);
  layout.samples = file.word(TIFFTAG_SAMPLESPERPIXEL, 1);
  layout.separate = file.word(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
  const std::uint16_t format = file.word(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID) {
    refuse_tiff(format == SAMPLEFORMAT_INT      ? "signed samples"
                : format == SAMPLEFORMAT_IEEEFP ? "floating-point samples"
                                                : "complex samples");
  }
  if (layout.bits == 0 || layout.bits > 16 ||
      (form.colors == TiffColors::palette && layout.bits > 8)) {
    refuse_tiff("samples of " + std::to_string(layout.bits) + " bits");
  }
  layout.wanted = color_samples(form.colors);
  std::uint16_t count = 0;
  const std::uint16_t* extra = nullptr;
  TIFFGetFieldDefaulted(file.get(), TIFFTAG_EXTRASAMPLES, &count, &extra);
  const bool declared = count > 0 && file.declares_extra_samples();
  if (declared && extra[0] != EXTRASAMPLE_UNSPECIFIED) {
    form.opacity =
        extra[0] == EXTRASAMPLE_ASSOCALPHA ? TiffOpacity::premultiplied : TiffOpacity::straight;
  } else if (!declared && form.colors == TiffColors::rgb && layout.samples == 4) {
    form.opacity = TiffOpacity::straight;  // as good as all writers that say nothing mean it
  }
  layout.wanted += form.opacity == TiffOpacity::none ? 0 : 1;
  if (layout.wanted > layout.samples) {
    fail_image("a broken TIFF (" + std::to_string(layout.samples) + " samples a pixel, of " +
               std::to_string(layout.wanted) + ")");
  }
  return form;
}

/// 256 colours at most: red, green and blue of 16 bits, or of 8 from old writers.
class TiffPalette {
 public:
  TiffPalette(const TiffFile& file, unsigned bits) {
    std::array<std::uint16_t*, 3> maps = {};
    if (TIFFGetField(file.get(), TIFFTAG_COLORMAP, maps.data(), maps.data() + 1, maps.data() + 2) !=
        1) {
      fail_image("a broken TIFF (no palette)");
    }
    const std::size_t colors = std::size_t{1} << bits;
    const bool wide = std::any_of(maps.begin(), maps.end(), [&](const std::uint16_t* map) {
      return std::any_of(map, map + colors, [](std::uint16_t level) { return level > 255; });
    });
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t k = 0; k < colors; ++k) {
        colors_[k][channel] = static_cast<std::uint8_t>(maps[channel][k] >> (wide ? 8 : 0));
      }
    }
  }
  /// Red, green, blue.
  const std::array<std::uint8_t, 3>& operator[](std::size_t index) const { return colors_[index]; }

 private:
  std::array<std::array<std::uint8_t, 3>, 256> colors_ = {};
};

/// One pixel's samples to red, green, blue and opacity, 0 .. `most`.
class TiffPixel {
 public:
  TiffPixel(const TiffFile& file, const TiffForm& form)
      : form_(form), most_(form.layout.bits > 8 ? 65535 : 255), in_((1U << form.layout.bits) - 1) {
    if (form.colors == TiffColors::palette) {
      palette_.emplace_back(file, form.layout.bits);
    }
  }

  std::array<std::uint32_t, 4> operator()(const std::uint16_t* samples) const {
    std::array<std::uint32_t, 4> pixel = {};
    const auto scaled = [&](std::size_t k) { return samples[k] * most_ / in_; };
    if (form_.colors == TiffColors::palette) {
      std::copy_n(palette_.front()[samples[0]].begin(), 3, pixel.begin());
    } else if (form_.colors == TiffColors::rgb) {
      pixel = {scaled(0), scaled(1), scaled(2)};
    } else if (form_.colors == TiffColors::inks) {
      for (std::size_t k = 0; k < 3; ++k) {
        const std::uint64_t light = std::uint64_t{most_ - scaled(k)} * (most_ - scaled(3));
        pixel[k] = static_cast<std::uint32_t>((light + most_ / 2) / most_);
      }
    } else {
      const bool inverted = form_.colors == TiffColors::inverted_gray;
      pixel.fill(inverted ? most_ - scaled(0) : scaled(0));
    }
    pixel[3] = form_.opacity == TiffOpacity::none ? most_ : scaled(form_.layout.wanted - 1);
    if (form_.opacity == TiffOpacity::premultiplied && pixel[3] > 0) {
      for (std::size_t k = 0; k < 3; ++k) {
        pixel[k] = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(most_, std::uint64_t{pixel[k]} * most_ / pixel[3]));
      }
    }
    return pixel;
  }

 private:
  const TiffForm& form_;
  std::uint32_t most_;
  std::uint32_t in_;
  std::vector<TiffPalette> palette_;  // one, or none
};

Raster color_pixels(const TiffFile& file, const TiffForm& form, std::uint64_t max_pixels) {
  const TiffPixel pixel_of(file, form);
  const std::vector<std::uint16_t> samples = read_tiff_samples(file, form.layout, max_pixels);
  Raster raster{.sample_bytes = form.layout.bits > 8 ? 2U : 1U, .bytes = {}};
  raster.allocate(form.layout.width, form.layout.height, form.opacity == TiffOpacity::none ? 3 : 4);
  std::uint8_t* out = raster.bytes.data();
  for (std::size_t at = 0; at < samples.size(); at += form.layout.wanted) {
    const std::array<std::uint32_t, 4> pixel = pixel_of(samples.data() + at);
    for (std::size_t channel = 0; channel < raster.channels; ++channel) {
      const auto sample = static_cast<std::uint16_t>(pixel[channel < 3 ? 2 - channel : 3]);
      if (raster.sample_bytes == 2) {
        std::memcpy(out, &sample, sizeof sample);
      } else {
        *out = static_cast<std::uint8_t>(sample);
      }
      out += raster.sample_bytes;
    }
  }
  return raster;
}

/// Brightness and colour differences that are not in a JPEG within the TIFF.
Raster decode_differences(const TiffFile& file, const TiffForm& form) {
  std::array<char, 1024> problem = {};
  TIFFRGBAImage image;
  if (TIFFRGBAImageOK(file.get(), problem.data()) != 1 ||
      TIFFRGBAImageBegin(&image, file.get(), 1, problem.data()) != 1) {
    fail_image("a TIFF that libtiff does not read: " + shorten(problem.data(), 100));
  }
  image.req_orientation = image.orientation;  // see shown()
  std::vector<std::uint32_t> pixels(form.layout.width * form.layout.height);
  const int result = TIFFRGBAImageGet(&image, pixels.data(), image.width, image.height);
  TIFFRGBAImageEnd(&image);
  if (result != 1) {
    file.fail();
  }
  Raster raster;
  raster.allocate(form.layout.width, form.layout.height, 3);
  for (std::size_t k = 0; k < pixels.size(); ++k) {
    raster.bytes[3 * k] = static_cast<std::uint8_t>(TIFFGetB(pixels[k]));
    raster.bytes[3 * k + 1] = static_cast<std::uint8_t>(TIFFGetG(pixels[k]));
    raster.bytes[3 * k + 2] = static_cast<std::uint8_t>(TIFFGetR(pixels[k]));
  }
  return raster;
}

/// As the file's first row and column are to be shown: here, unlike in EXIF, they need not be the
/// top and the left.
Raster shown(Raster raster, std::uint16_t orientation) {
  if (orientation < ORIENTATION_TOPRIGHT || orientation > ORIENTATION_LEFTBOT) {
    return raster;
  }
  const bool turned = orientation >= ORIENTATION_LEFTTOP;  // the first row is left or right
  const bool from_right =
      orientation == ORIENTATION_TOPRIGHT || orientation == ORIENTATION_BOTRIGHT ||
      orientation == ORIENTATION_RIGHTTOP || orientation == ORIENTATION_RIGHTBOT;
  const bool from_below = orientation == ORIENTATION_BOTRIGHT ||
                          orientation == ORIENTATION_BOTLEFT ||
                          orientation == ORIENTATION_RIGHTBOT || orientation == ORIENTATION_LEFTBOT;
  Raster result{.sample_bytes = raster.sample_bytes, .bytes = {}};
  result.allocate(turned ? raster.height : raster.width, turned ? raster.width : raster.height,
                  raster.channels);
  const std::size_t pixel = raster.channels * raster.sample_bytes;
  for (std::size_t y = 0; y < result.height; ++y) {
    for (std::size_t x = 0; x < result.width; ++x) {
      const std::size_t across = from_right ? result.width - 1 - x : x;
      const std::size_t down = from_below ? result.height - 1 - y : y;
      std::memcpy(result.row(y) + x * pixel,
                  raster.row(turned ? across : down) + (turned ? down : across) * pixel, pixel);
    }
  }
  return result;
}

}  // namespace

Raster decode_tiff(std::span<const std::byte> bytes, std::uint64_t max_pixels) {
  const TiffFile file(bytes, max_pixels);
  const TiffForm form = form_of(file);
  check_size(form.layout.width, form.layout.height, max_pixels);
  const bool differences = file.word(TIFFTAG_PHOTOMETRIC) == PHOTOMETRIC_YCBCR;
  const bool jpeg = file.word(TIFFTAG_COMPRESSION) == COMPRESSION_JPEG;
  if (differences && jpeg) {
    TIFFSetField(file.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  }
  return shown(
      differences && !jpeg ? decode_differences(file, form) : color_pixels(file, form, max_pixels),
      file.word(TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT));
}

}  // namespace balse
