#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <tiffio.h>

namespace balse {

/// The first picture of a TIFF in memory, opened by libtiff, which is kept from writing to standard
/// error and from allocating more than the pixel limit justifies.
class TiffFile {
 public:
  TiffFile(std::span<const std::byte> file, std::uint64_t max_pixels);
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  TIFF* get() const { return tiff_.get(); }
  /// A field of one number, or its default; `missing` where there is neither.
  std::uint16_t word(std::uint32_t tag, std::uint16_t missing = 0) const;
  std::uint32_t dword(std::uint32_t tag) const;

  /// Whether the file itself says what samples beyond those of colours are.
  bool declares_extra_samples() const { return !adds_extra_samples_; }

  /// What is wrong in libtiff's words.
  [[noreturn]] void fail() const;

 private:
  struct Source {
    std::span<const std::byte> bytes;
    std::size_t at = 0;
  };
  struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  };
  static tmsize_t read(thandle_t source, void* out, tmsize_t size);
  static tmsize_t write(thandle_t source, void* bytes, tmsize_t size);
  static toff_t seek(thandle_t source, toff_t to, int from);
  static int close(thandle_t source);
  static toff_t size(thandle_t source);
  static int report(TIFF* tiff, void* file, const char* module, const char* format, va_list list);
  static int note(TIFF* tiff, void* file, const char* module, const char* format, va_list list);

  Source source_;
  std::string problem_;
  bool adds_extra_samples_ = false;
  std::unique_ptr<TIFF, Close> tiff_;
};

}  // namespace balse
