#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <tiffio.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "imaging/image_files.hpp"
#include "support/temporary_folder.hpp"

namespace balse::test {
namespace {

/// Samples of a row, or of a tile's, as they lie in the file.
std::vector<std::uint8_t> packed(const std::vector<std::uint16_t>& samples, unsigned bits) {
  std::vector<std::uint8_t> bytes((samples.size() * bits + 7) / 8);
  for (std::size_t k = 0; k < samples.size(); ++k) {
    if (bits == 16) {
      std::memcpy(bytes.data() + 2 * k, &samples[k], 2);
      continue;
    }
    for (unsigned bit = 0; bit < bits; ++bit) {
      const std::size_t at = k * bits + bit;
      const unsigned set = samples[k] >> (bits - 1 - bit) & 1U;
      bytes[at / 8] = static_cast<std::uint8_t>(bytes[at / 8] | set << (7 - at % 8));
    }
  }
  return bytes;
}

/// The samples of a stretch of a row; 0 beyond the picture. `plane` counts where they are separate.
std::vector<std::uint16_t> stretch(const TiffKind& kind, const std::vector<std::uint16_t>& samples,
                                   std::size_t left, std::size_t y, std::size_t count,
                                   std::size_t plane) {
  std::vector<std::uint16_t> row;
  for (std::size_t x = left; x < left + count; ++x) {
    for (std::size_t s = 0; s < kind.samples; ++s) {
      if (!kind.separate || s == plane) {
        const bool inside = x < kind.width && y < kind.height;
        row.push_back(inside ? samples[(y * kind.width + x) * kind.samples + s] : 0);
      }
    }
  }
  return row;
}

}  // namespace

std::string tiff_of(const TiffKind& kind, const std::vector<std::uint16_t>& samples) {
  const TemporaryFolder folder;
  TIFF* tiff = TIFFOpen(folder.path("picture").c_str(), "w");
  REQUIRE(tiff != nullptr);
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, kind.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, kind.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, kind.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, kind.samples);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, kind.photometric);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG,
               kind.separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, kind.format);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, kind.orientation);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, kind.compression);
  if (!kind.extra.empty()) {
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<int>(kind.extra.size()),
                 kind.extra.data());
  }
  if (!kind.palette.empty()) {
    const std::size_t colors = kind.palette.size() / 3;
    TIFFSetField(tiff, TIFFTAG_COLORMAP, kind.palette.data(), kind.palette.data() + colors,
                 kind.palette.data() + 2 * colors);
  }
  const std::size_t planes = kind.separate ? kind.samples : 1;
  if (kind.tile > 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, kind.tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, kind.tile);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 3);
  }
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (std::uint32_t top = 0; top<kind.height; top += kind.tile> 0 ? kind.tile : 1) {
      for (std::uint32_t left = 0; left<kind.width; left += kind.tile> 0 ? kind.tile : kind.width) {
        if (kind.tile == 0) {
          auto row = packed(stretch(kind, samples, 0, top, kind.width, plane), kind.bits);
          REQUIRE(TIFFWriteScanline(tiff, row.data(), top, static_cast<std::uint16_t>(plane)) == 1);
          continue;
        }
        std::vector<std::uint8_t> tile;
        for (std::uint32_t y = top; y < top + kind.tile; ++y) {
          const auto row = packed(stretch(kind, samples, left, y, kind.tile, plane), kind.bits);
          tile.insert(tile.end(), row.begin(), row.end());
        }
        REQUIRE(TIFFWriteTile(tiff, tile.data(), left, top, 0, static_cast<std::uint16_t>(plane)) >
                0);
      }
    }
  }
  TIFFClose(tiff);
  return read_file(folder.path("picture"));
}

}  // namespace balse::test
