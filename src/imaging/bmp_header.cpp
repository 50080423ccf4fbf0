#include "bmp_header.hpp"

#include <algorithm>
#include <string>

#include "image_file.hpp"

namespace balse {
namespace {

constexpr std::size_t kFileHeader = 14;
constexpr std::uint32_t kOldHeader = 12;        // OS/2 1: sizes of 16 bits, palettes of 3 bytes
constexpr std::uint32_t kOs2Header = 64;        // OS/2 2: compressions of its own
constexpr std::uint32_t kMasksHeader = 52;      // from here on the masks are in the header
constexpr std::uint32_t kOpacityHeader = 56;    // and that of opacity
constexpr std::uint32_t kLargestHeader = 1024;  // whatever comes after version 5

// Compressions.
constexpr std::uint32_t kBmpPlain = 0;
constexpr std::uint32_t kBmpRuns8 = 1;
constexpr std::uint32_t kBmpRuns4 = 2;
constexpr std::uint32_t kBmpFields = 3;
constexpr std::uint32_t kBmpOpacityFields = 6;

/// Little-endian numbers at places of the file.
class BmpFields {
 public:
  explicit BmpFields(std::span<const std::byte> file) : file_(file) {}

  std::uint32_t number(std::size_t at, std::size_t bytes) const {
    if (at + bytes > file_.size()) {
      fail_early("a BMP", false);
    }
    std::uint32_t value = 0;
    for (std::size_t k = bytes; k-- > 0;) {
      value = value << 8 | std::to_integer<std::uint32_t>(file_[at + k]);
    }
    return value;
  }
  std::uint32_t word(std::size_t at) const { return number(at, 2); }
  std::uint32_t dword(std::size_t at) const { return number(at, 4); }

 private:
  std::span<const std::byte> file_;
};

void read_size(const BmpFields& fields, bool old, BmpHeader& header) {
  if (old) {
    header.width = fields.word(kFileHeader + 4);
    header.height = fields.word(kFileHeader + 6);
    header.bits = fields.word(kFileHeader + 10);
    return;
  }
  const auto width = static_cast<std::int32_t>(fields.dword(kFileHeader + 4));
  const auto height = static_cast<std::int32_t>(fields.dword(kFileHeader + 8));
  header.width = static_cast<std::size_t>(std::max(width, 0));
  header.bottom_up = height >= 0;
  header.height = static_cast<std::size_t>(height < 0 ? -std::int64_t{height} : height);
  header.bits = fields.word(kFileHeader + 14);
}

/// Checks the compression; returns the bytes of masks between header and palette.
std::size_t read_form(const BmpFields& fields, std::uint32_t size, BmpHeader& header) {
  const std::uint32_t form = size == kOldHeader ? kBmpPlain : fields.dword(kFileHeader + 16);
  const bool os2 = size == kOs2Header;
  header.runs = (form == kBmpRuns8 && header.bits == 8) || (form == kBmpRuns4 && header.bits == 4);
  const bool deep = header.bits == 16 || header.bits == 32;
  if (form == kBmpPlain) {
    if (header.bits == 16) {
      header.masks = {0x1f, 0x3e0, 0x7c00, 0};
    } else if (header.bits == 32) {
      header.masks = {0xff, 0xff00, 0xff0000, 0};
    }
    return 0;
  }
  if ((form == kBmpFields || form == kBmpOpacityFields) && deep && !os2) {
    const std::size_t at = kFileHeader + 40;
    const bool opacity = size >= kOpacityHeader || form == kBmpOpacityFields;
    header.masks = {fields.dword(at + 8), fields.dword(at + 4), fields.dword(at),
                    opacity ? fields.dword(at + 12) : 0};
    if (header.bits == 32 && header.masks == std::array<std::uint32_t, 4>{}) {
      header.masks = {0xff, 0xff00, 0xff0000, 0xff000000};
    }
    return size >= kMasksHeader ? 0 : opacity ? 16 : 12;
  }
  if (!header.runs) {
    fail_image("a BMP whose compression (" + std::to_string(form) + " of " +
                   std::to_string(header.bits) + " bits) is not read here",
               "converting it to PNG");
  }
  return 0;
}

}  // namespace

BmpHeader read_bmp_header(std::span<const std::byte> file) {
  const BmpFields fields(file);
  const std::uint32_t size = fields.dword(kFileHeader);
  if (size != kOldHeader && (size < 16 || size > kLargestHeader)) {
    fail_image("a broken BMP (a header of " + std::to_string(size) + " bytes)");
  }
  BmpHeader header;
  const bool old = size == kOldHeader;
  const bool has_form = size >= 40;  // OS/2 2 may leave out all but the size
  read_size(fields, old, header);
  constexpr unsigned kDepths[] = {1, 2, 4, 8, 16, 24, 32};
  if (std::find(std::begin(kDepths), std::end(kDepths), header.bits) == std::end(kDepths)) {
    fail_image("a BMP of " + std::to_string(header.bits) + " bits a pixel");
  }
  const std::size_t masks = read_form(fields, has_form ? size : kOldHeader, header);
  std::size_t end = kFileHeader + size + masks;
  header.pixels = fields.dword(10);
  if (header.bits <= 8) {
    for (std::size_t k = 0; k < 256; ++k) {
      header.palette[k].fill(static_cast<std::uint8_t>(k));
    }
    const std::uint32_t given = has_form ? fields.dword(kFileHeader + 32) : 0;
    const std::size_t colors = given != 0 ? given : std::size_t{1} << header.bits;
    const std::size_t bytes = old ? 3 : 4;
    // Some writers forget the palette when they say where the pixels begin.
    if (colors <= 65536 && header.pixels <= end) {
      header.pixels = end + colors * bytes;
    }
    for (std::size_t k = 0; k < std::min<std::size_t>(colors, 256); ++k, end += bytes) {
      if (end + bytes > header.pixels) {
        break;
      }
      for (std::size_t channel = 0; channel < 3; ++channel) {
        header.palette[k][channel] = static_cast<std::uint8_t>(fields.number(end + channel, 1));
      }
    }
  }
  header.pixels = std::max(header.pixels, end);
  return header;
}

}  // namespace balse
