#include "decode_bmp.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "bmp_header.hpp"
#include "image_file.hpp"

namespace balse {
namespace {

using BmpBytes = std::span<const std::byte>;

std::uint8_t byte_at(BmpBytes bytes, std::size_t at) {
  return std::to_integer<std::uint8_t>(bytes[at]);
}

/// The bits of a mask as 0 .. 255, rounded down as Pillow does.
std::uint8_t level(std::uint32_t pixel, std::uint32_t mask) {
  const int shift = std::countr_zero(mask);
  const std::uint64_t most = mask >> shift;
  return static_cast<std::uint8_t>(std::uint64_t{(pixel & mask) >> shift} * 255 / most);
}

/// A row of pixels that are not compressed.
void unpack_row(const BmpHeader& header, BmpBytes in, std::uint8_t* out, std::size_t channels) {
  const std::size_t bytes = header.bits / 8;
  for (std::size_t x = 0; x < header.width; ++x, out += channels) {
    if (header.bits <= 8) {
      const std::size_t bit = x * header.bits;
      const unsigned shift = 8 - header.bits - bit % 8;
      const unsigned index = byte_at(in, bit / 8) >> shift & ((1U << header.bits) - 1);
      std::copy_n(header.palette[index].begin(), 3, out);
    } else if (header.bits == 24) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        out[channel] = byte_at(in, 3 * x + channel);
      }
    } else {
      std::uint32_t pixel = 0;
      for (std::size_t k = bytes; k-- > 0;) {
        pixel = pixel << 8 | byte_at(in, x * bytes + k);
      }
      for (std::size_t channel = 0; channel < channels; ++channel) {
        out[channel] = header.masks[channel] == 0 ? 0 : level(pixel, header.masks[channel]);
      }
    }
  }
}

/// Indices of RLE4 and RLE8, rows in the order of the file. What is skipped is index 0; what is too
/// long for its row is cut off.
class BmpRuns {
 public:
  BmpRuns(const BmpHeader& header, BmpBytes in)
      : header_(header), in_(in), indices_(header.width * header.height) {
    while (y_ < header.height) {
      const unsigned count = next();
      const unsigned value = next();
      if (count > 0) {
        put_run(count, value);
      } else if (value == kEndOfRow) {
        x_ = 0;
        ++y_;
      } else if (value == kEndOfPicture) {
        break;
      } else if (value == kSkip) {
        x_ += next();
        y_ += next();
      } else {
        put_pixels(value);
      }
    }
  }

  const std::vector<std::uint8_t>& indices() const { return indices_; }

 private:
  // What a count of 0 announces.
  static constexpr unsigned kEndOfRow = 0;
  static constexpr unsigned kEndOfPicture = 1;
  static constexpr unsigned kSkip = 2;

  unsigned next() {
    if (at_ >= in_.size()) {
      // A last row that is complete need not be ended.
      if (y_ + 1 == header_.height && x_ >= header_.width) {
        y_ = header_.height;
        return 0;
      }
      fail_early("a BMP", false);
    }
    return byte_at(in_, at_++);
  }

  void put(unsigned index) {
    if (x_ < header_.width && y_ < header_.height) {
      indices_[y_ * header_.width + x_] = static_cast<std::uint8_t>(index);
    }
    ++x_;
  }

  void put_run(unsigned count, unsigned value) {
    for (unsigned k = 0; k < count; ++k) {
      put(header_.bits == 8 ? value : k % 2 == 0 ? value >> 4 : value & 15);
    }
  }

  /// Pixels one by one, in whole words of 16 bits.
  void put_pixels(unsigned count) {
    const unsigned bytes = header_.bits == 8 ? count : (count + 1) / 2;
    unsigned value = 0;
    for (unsigned k = 0; k < count; ++k) {
      if (header_.bits == 8 || k % 2 == 0) {
        value = next();
      }
      put(header_.bits == 8 ? value : k % 2 == 0 ? value >> 4 : value & 15);
    }
    if (bytes % 2 == 1) {
      next();
    }
  }

  const BmpHeader& header_;
  BmpBytes in_;
  std::vector<std::uint8_t> indices_;
  std::size_t at_ = 0;
  std::size_t x_ = 0;
  std::size_t y_ = 0;
};

}  // namespace

Raster decode_bmp(std::span<const std::byte> file, std::uint64_t max_pixels) {
  const BmpHeader header = read_bmp_header(file);
  check_size(header.width, header.height, max_pixels);
  if (header.pixels > file.size()) {
    fail_early("a BMP", false);
  }
  const BmpBytes pixels = file.subspan(header.pixels);
  const std::size_t row_bytes = (header.width * header.bits + 7) / 8;
  const std::size_t stride = (row_bytes + 3) / 4 * 4;
  if (!header.runs && (header.height - 1) * stride + row_bytes > pixels.size()) {
    fail_early("a BMP", false);
  }
  Raster raster;
  raster.allocate(header.width, header.height, header.masks[3] != 0 ? 4 : 3);
  const auto row = [&](std::size_t y) {
    return raster.row(header.bottom_up ? header.height - 1 - y : y);
  };
  if (!header.runs) {
    for (std::size_t y = 0; y < header.height; ++y) {
      unpack_row(header, pixels.subspan(y * stride, row_bytes), row(y), raster.channels);
    }
    return raster;
  }
  const BmpRuns runs(header, pixels);
  for (std::size_t y = 0; y < header.height; ++y) {
    std::uint8_t* out = row(y);
    for (std::size_t x = 0; x < header.width; ++x, out += 3) {
      std::copy_n(header.palette[runs.indices()[y * header.width + x]].begin(), 3, out);
    }
  }
  return raster;
}

}  // namespace balse
