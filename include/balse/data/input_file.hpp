#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace balse {

/// Reads a text file line by line: a path, or "-" for standard input; plain or gzip, told by its
/// first bytes. A UTF-8 byte order mark and CR at a line's end are removed. Throws Error: no_input
/// where the file cannot be opened or is a directory, io where reading fails, bad_data for a NUL
/// byte, invalid UTF-8, a truncated or corrupt gzip stream, and a line longer than kMaxLineLength
/// (nothing of that length is ever buffered).
class InputFile {
 public:
  static constexpr std::size_t kMaxLineLength = std::size_t{1} << 20;

  explicit InputFile(std::string path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// The next line without its end, or false at the end of the file. `line` is valid until the next
  /// call.
  bool next_line(std::string_view& line);

  std::uint64_t line_number() const;  ///< of the line last returned, 1-based
  const std::string& path() const;

  /// SHA-256 of all (decompressed) bytes, in hexadecimal; what `zcat -f FILE | sha256sum` prints.
  /// Only meaningful once next_line() has returned false.
  std::string fingerprint() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace balse
