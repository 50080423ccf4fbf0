#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace balse {

/// Reads a text file line by line: a path, or "-" for standard input; plain or compressed, told by
/// its first bytes (see ByteSource). Lines end with LF, CR LF, or CR where the first does. A UTF-8
/// byte order mark and CR at a line's end are removed. Throws Error: no_input where the file cannot
/// be opened or is a directory, io where reading fails, bad_data for a NUL byte, invalid UTF-8, a
/// truncated or corrupt compressed stream, a file that is known to be no text (see
/// fail_foreign_file()), and a line longer than kMaxLineLength (nothing of that length is ever
/// buffered).
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

  /// Makes `line`, the one last returned, longer by the next one, with the line's end between them;
  /// false at the end of the file, or where it would be longer than kMaxLineLength.
  bool extend_line(std::string_view& line);
  /// Takes back all that extend_line() did to the last line: its other lines come again.
  void shorten_line(std::string_view& line);

  /// The first bytes of the file, at least one unless it is empty, without a byte order mark; only
  /// before anything else is read.
  std::string_view head();
  /// The next bytes, however they are parted into lines, instead of lines; false at the end.
  bool next_chunk(std::string_view& chunk);

  std::uint64_t line_number() const;  ///< where the line last returned begins, 1-based
  const std::string& path() const;

  /// SHA-256 of all (decompressed) bytes, in hexadecimal; what `zcat -f FILE | sha256sum` prints.
  /// Only meaningful once next_line() has returned false.
  std::string fingerprint() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace balse
