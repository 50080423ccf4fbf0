#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

class Decompressor;

/// The bytes of a file or of standard input ("-"), decompressed if they are gzip, zstd or xz, which
/// their first bytes tell. Not zlib's
/// gzread(): it waits until the whole buffer is full, so that a slow pipe's first line would arrive
/// with its last. Throws Error as InputFile does.
class ByteSource {
 public:
  explicit ByteSource(std::string path);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  /// Puts up to `size` > 0 bytes into `out`, as soon as there are some; 0 at the end.
  std::size_t read(char* out, std::size_t size);

  /// Whether read() would return at once, waiting up to so many milliseconds for that.
  bool ready(int milliseconds) const;

  const std::string& path() const { return path_; }

 private:
  void open();
  void look_for_compression();
  std::size_t read_raw(char* out, std::size_t size);
  void fill_input();
  std::size_t read_plain(char* out, std::size_t size);
  std::size_t read_compressed(char* out, std::size_t size);
  [[noreturn]] void fail(const char* what, const char* after) const;

  std::string path_;
  int descriptor_ = -1;
  std::vector<char> input_;  // raw bytes read ahead
  std::string_view left_;    // what of it has not been handed out
  std::unique_ptr<Decompressor> decompressor_;
  bool looked_ = false;     // for a compressed file's first bytes
  bool in_member_ = false;  // of a compressed file
  bool ended_ = false;
};

}  // namespace balse
