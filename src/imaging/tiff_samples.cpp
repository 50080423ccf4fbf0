#include "tiff_samples.hpp"

#include <algorithm>
#include <cstring>

#include "image_file.hpp"

namespace balse {
namespace {

/// Sample `place` of a row: of 16 bits as this machine has them, which libtiff sees to, else in as
/// many bits as it takes, the highest first.
std::uint16_t sample_of(const std::uint8_t* row, unsigned bits, std::size_t place) {
  if (bits == 8) {
    return row[place];
  }
  if (bits == 16) {
    std::uint16_t value = 0;
    std::memcpy(&value, row + 2 * place, sizeof value);
    return value;
  }
  unsigned value = 0;
  for (std::size_t bit = place * bits; bit < (place + 1) * bits; ++bit) {
    value = value << 1 | (row[bit / 8] >> (7 - bit % 8) & 1U);
  }
  return static_cast<std::uint16_t>(value);
}

class TiffSampleReader {
 public:
  TiffSampleReader(const TiffFile& file, const TiffLayout& layout)
      : file_(file), layout_(layout), samples_(layout.width * layout.height * layout.wanted) {}

  void read_strips() {
    std::vector<std::uint8_t> row(buffer_size(TIFFScanlineSize(file_.get()), layout_.width));
    for (std::size_t plane = 0; plane < planes(); ++plane) {
      for (std::size_t y = 0; y < layout_.height; ++y) {
        if (TIFFReadScanline(file_.get(), row.data(), static_cast<std::uint32_t>(y),
                             static_cast<std::uint16_t>(plane)) != 1) {
          file_.fail();
        }
        store(row.data(), {.y = y, .count = layout_.width, .plane = plane});
      }
    }
  }

  void read_tiles(std::uint64_t max_pixels) {
    const std::size_t across = file_.dword(TIFFTAG_TILEWIDTH);
    const std::size_t down = file_.dword(TIFFTAG_TILELENGTH);
    check_size(across, down, max_pixels);
    const std::size_t row_bytes = buffer_size(TIFFTileRowSize(file_.get()), across);
    std::vector<std::uint8_t> tile(
        std::max(buffer_size(TIFFTileSize(file_.get()), across), row_bytes * down));
    for (std::size_t plane = 0; plane < planes(); ++plane) {
      for (std::size_t top = 0; top < layout_.height; top += down) {
        for (std::size_t left = 0; left < layout_.width; left += across) {
          if (TIFFReadTile(file_.get(), tile.data(), static_cast<std::uint32_t>(left),
                           static_cast<std::uint32_t>(top), 0,
                           static_cast<std::uint16_t>(plane)) < 0) {
            file_.fail();
          }
          for (std::size_t y = top; y < std::min(top + down, layout_.height); ++y) {
            store(tile.data() + (y - top) * row_bytes,
                  {.x = left,
                   .y = y,
                   .count = std::min(across, layout_.width - left),
                   .plane = plane});
          }
        }
      }
    }
  }

  std::vector<std::uint16_t> take() { return std::move(samples_); }

 private:
  struct Stretch {
    std::size_t x = 0;
    std::size_t y = 0;
    std::size_t count = 0;
    std::size_t plane = 0;
  };

  std::size_t planes() const { return layout_.separate ? layout_.wanted : 1; }

  /// Of libtiff's own reckoning, which must hold the samples of a row.
  std::size_t buffer_size(tmsize_t size, std::size_t width) const {
    const std::size_t samples = width * (layout_.separate ? 1 : layout_.samples);
    if (size <= 0 || static_cast<std::size_t>(size) < (samples * layout_.bits + 7) / 8) {
      file_.fail();
    }
    return static_cast<std::size_t>(size);
  }

  void store(const std::uint8_t* row, const Stretch& to) {
    std::uint16_t* out = samples_.data() + (to.y * layout_.width + to.x) * layout_.wanted;
    for (std::size_t x = 0; x < to.count; ++x, out += layout_.wanted) {
      if (layout_.separate) {
        out[to.plane] = sample_of(row, layout_.bits, x);
        continue;
      }
      for (std::size_t k = 0; k < layout_.wanted; ++k) {
        out[k] = sample_of(row, layout_.bits, x * layout_.samples + k);
      }
    }
  }

  const TiffFile& file_;
  const TiffLayout& layout_;
  std::vector<std::uint16_t> samples_;
};

}  // namespace

std::vector<std::uint16_t> read_tiff_samples(const TiffFile& file, const TiffLayout& layout,
                                             std::uint64_t max_pixels) {
  TiffSampleReader reader(file, layout);
  if (TIFFIsTiled(file.get()) != 0) {
    reader.read_tiles(max_pixels);
  } else {
    reader.read_strips();
  }
  return reader.take();
}

}  // namespace balse
