#include "data/decompressor.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <lzma.h>
#include <new>
#include <zstd.h>

#include <zlib.h>

namespace balse {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kGzipMagic = "\x1f\x8b"sv;
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd"sv;
constexpr std::string_view kXzMagic =
    "\xfd"
    "7zXZ\0"sv;

class Gzip final : public Decompressor {
 public:
  Gzip() {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Gzip() override { inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  const char* name() const override { return "gzip"; }
  void restart() override { inflateReset(&stream_); }

  Step step(std::string_view input, char* output, std::size_t size) override {
    constexpr std::size_t kMost = std::size_t{1} << 30;  // zlib counts in 32 bits
    const auto given = static_cast<uInt>(std::min(input.size(), kMost));
    const auto room = static_cast<uInt>(std::min(size, kMost));
    // zlib does not write to its input, but was not told of const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<Bytef*>(output);
    stream_.avail_out = room;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    }
    return {.used = given - stream_.avail_in,
            .made = room - stream_.avail_out,
            .ended = status == Z_STREAM_END,
            .failed = status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR};
  }

 private:
  z_stream stream_ = {};
};

class Zstd final : public Decompressor {
 public:
  Zstd() : stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) {
      throw std::bad_alloc();
    }
  }
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  const char* name() const override { return "zstd"; }
  void restart() override { ZSTD_initDStream(stream_); }

  Step step(std::string_view input, char* output, std::size_t size) override {
    ZSTD_inBuffer in = {.src = input.data(), .size = input.size(), .pos = 0};
    ZSTD_outBuffer out = {.dst = output, .size = size, .pos = 0};
    const std::size_t left = ZSTD_decompressStream(stream_, &out, &in);
    if (ZSTD_isError(left) != 0) {
      return {.failed = true};
    }
    return {.used = in.pos, .made = out.pos, .ended = left == 0};
  }

 private:
  ZSTD_DStream* stream_;
};

class Xz final : public Decompressor {
 public:
  Xz() { restart(); }
  ~Xz() override { lzma_end(&stream_); }
  Xz(const Xz&) = delete;
  Xz& operator=(const Xz&) = delete;

  const char* name() const override { return "xz"; }
  void restart() override {
    if (lzma_stream_decoder(&stream_, std::numeric_limits<std::uint64_t>::max(), 0) != LZMA_OK) {
      throw std::bad_alloc();
    }
  }

  Step step(std::string_view input, char* output, std::size_t size) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
    stream_.avail_in = input.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(output);
    stream_.avail_out = size;
    const lzma_ret status = lzma_code(&stream_, LZMA_RUN);
    if (status == LZMA_MEM_ERROR) {
      throw std::bad_alloc();
    }
    return {.used = input.size() - stream_.avail_in,
            .made = size - stream_.avail_out,
            .ended = status == LZMA_STREAM_END,
            .failed = status != LZMA_OK && status != LZMA_STREAM_END && status != LZMA_BUF_ERROR};
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Decompressor> make_decompressor(std::string_view first_bytes, bool& more) {
  more = false;
  if (first_bytes.starts_with(kGzipMagic)) {
    return std::make_unique<Gzip>();
  }
  if (first_bytes.starts_with(kZstdMagic)) {
    return std::make_unique<Zstd>();
  }
  if (first_bytes.starts_with(kXzMagic)) {
    return std::make_unique<Xz>();
  }
  more = kGzipMagic.starts_with(first_bytes) || kZstdMagic.starts_with(first_bytes) ||
         kXzMagic.starts_with(first_bytes);
  return nullptr;
}

}  // namespace balse
