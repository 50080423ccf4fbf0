#include "tiff_file.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "balse/support/error.hpp"

#include "image_file.hpp"

namespace balse {

TiffFile::TiffFile(std::span<const std::byte> file, std::uint64_t max_pixels) : source_{file} {
  // Rows, tiles and tables; a picture's samples are ours.
  constexpr std::uint64_t kTables = std::uint64_t{64} << 20;
  const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                             TIFFOpenOptionsFree);
  if (!options) {
    throw std::bad_alloc();
  }
  TIFFOpenOptionsSetMaxSingleMemAlloc(
      options.get(),
      static_cast<tmsize_t>(std::min<std::uint64_t>(max_pixels, INT32_MAX) * 8 + kTables));
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), report, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), note, this);
  tiff_.reset(TIFFClientOpenExt("picture", "rm", &source_, read, write, seek, close, size, nullptr,
                                nullptr, options.get()));
  if (!tiff_) {
    fail();
  }
}

std::uint16_t TiffFile::word(std::uint32_t tag, std::uint16_t missing) const {
  std::uint16_t value = 0;
  return TIFFGetFieldDefaulted(get(), tag, &value) == 1 ? value : missing;
}

std::uint32_t TiffFile::dword(std::uint32_t tag) const {
  std::uint32_t value = 0;
  return TIFFGetFieldDefaulted(get(), tag, &value) == 1 ? value : 0;
}

void TiffFile::fail() const {
  fail_image("a broken TIFF, or one that ends early (" +
             (problem_.empty() ? "not a TIFF" : shorten(problem_, 100)) + ")");
}

tmsize_t TiffFile::read(thandle_t source, void* out, tmsize_t size) {
  auto& from = *static_cast<Source*>(source);
  const std::size_t left = from.bytes.size() - std::min(from.at, from.bytes.size());
  const std::size_t count = std::min(static_cast<std::size_t>(std::max<tmsize_t>(size, 0)), left);
  if (count > 0) {
    std::memcpy(out, from.bytes.data() + from.at, count);
  }
  from.at += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t TiffFile::write(thandle_t /*source*/, void* /*bytes*/, tmsize_t /*size*/) {
  return 0;
}

toff_t TiffFile::seek(thandle_t source, toff_t to, int from) {
  auto& moved = *static_cast<Source*>(source);
  const toff_t base = from == SEEK_SET ? 0 : from == SEEK_CUR ? moved.at : moved.bytes.size();
  moved.at = base + to;
  return moved.at;
}

int TiffFile::close(thandle_t /*source*/) {
  return 0;
}

toff_t TiffFile::size(thandle_t source) {
  return static_cast<Source*>(source)->bytes.size();
}

int TiffFile::report(TIFF* /*tiff*/, void* file, const char* /*module*/, const char* format,
                     va_list list) {
  std::array<char, 256> text = {};
  std::vsnprintf(text.data(), text.size(), format, list);
  if (std::string& problem = static_cast<TiffFile*>(file)->problem_; problem.empty()) {
    problem = text.data();
  }
  return 1;  // told; nobody else need hear of it
}

int TiffFile::note(TIFF* /*tiff*/, void* file, const char* /*module*/, const char* format,
                   va_list /*list*/) {
  // libtiff then makes it up, and there is no other way to know.
  if (std::strstr(format, "ExtraSamples doesn't match SamplesPerPixel") != nullptr) {
    static_cast<TiffFile*>(file)->adds_extra_samples_ = true;
  }
  return 1;
}

}  // namespace balse
