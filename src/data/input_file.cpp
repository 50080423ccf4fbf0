#include "balse/data/input_file.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "balse/data/byte_source.hpp"
#include "balse/data/sha256.hpp"
#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

namespace balse {
namespace {

constexpr std::size_t kReadChunk = std::size_t{1} << 18;  // stays in the second-level cache
constexpr std::size_t kBuffer = InputFile::kMaxLineLength + 2 + kReadChunk;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Whether every byte is ASCII and none is NUL: then no line of it needs a closer look.
bool is_plain(std::string_view bytes) {
  std::uint64_t all = 0;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    all |= word;
  }
  for (; i < bytes.size(); ++i) {
    all |= static_cast<unsigned char>(bytes[i]);
  }
  return (all & 0x8080808080808080u) == 0 && bytes.find('\0') == std::string_view::npos;
}

}  // namespace

struct InputFile::State {
  explicit State(std::string path) : source(std::move(path)) {}

  void fill();
  void check(std::string_view line) const;
  [[noreturn]] void fail_binary(std::uint64_t at_line, std::string_view text) const;
  [[noreturn]] void fail_too_long() const;

  ByteSource source;
  Sha256 hash;
  std::unique_ptr<char[]> buffer = std::make_unique_for_overwrite<char[]>(kBuffer);
  std::size_t begin = 0;  // buffer[begin .. end) has been read but not handed out
  std::size_t end = 0;
  bool plain = true;  // is_plain(buffer[begin .. end))
  bool at_end = false;
  std::uint64_t line = 0;
};

void InputFile::State::fill() {
  std::memmove(buffer.get(), buffer.get() + begin, end - begin);
  end -= begin;
  begin = 0;
  const std::size_t count =
      source.read(buffer.get() + end, std::min<std::size_t>(kReadChunk, kBuffer - end));
  const std::string_view chunk(buffer.get() + end, count);
  hash.update(chunk);
  plain = (plain || end == 0) && is_plain(chunk);
  end += count;
  at_end = count == 0;
}

void InputFile::State::fail_binary(std::uint64_t at_line, std::string_view text) const {
  const bool utf16 = text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
  throw Error(ErrorKind::bad_data,
              {.file = source.path(),
               .line = at_line,
               .found = "holds a NUL byte, so it looks like a binary file",
               .expected = "text",
               .hint = utf16 ? "iconv -f utf-16 -t utf-8" : "the file before it was packed"});
}

void InputFile::State::fail_too_long() const {
  const std::string_view text(buffer.get() + begin, end - begin);
  if (text.find('\0') != std::string_view::npos) {
    fail_binary(line + 1, text);
  }
  throw Error(ErrorKind::bad_data,
              {.file = source.path(),
               .line = line + 1,
               .found = "a line longer than 1 MiB that begins " + shorten(text, 40),
               .expected = "text with a row on each line"});
}

void InputFile::State::check(std::string_view text) const {
  if (text.find('\0') != std::string_view::npos) {
    fail_binary(line, text);
  }
  const std::size_t offset = find_invalid_utf8(text);
  if (offset != std::string_view::npos) {
    const std::size_t from = offset - std::min<std::size_t>(offset, 16);
    throw Error(ErrorKind::bad_data,
                {.file = source.path(),
                 .line = line,
                 .found = "byte " + std::to_string(offset + 1) + " of the line, in " +
                          shorten(text.substr(from), 24) + ", is not UTF-8",
                 .expected = "UTF-8",
                 .hint = "iconv -f latin1 -t utf-8"});
  }
}

InputFile::InputFile(std::string path) : state_(std::make_unique<State>(std::move(path))) {}

InputFile::~InputFile() = default;

bool InputFile::next_line(std::string_view& line) {
  State& s = *state_;
  std::size_t searched = 0;
  std::size_t length = 0;
  std::size_t line_end = 0;
  for (;;) {
    const char* const from = s.buffer.get() + s.begin;
    const std::size_t available = s.end - s.begin;
    if (const void* newline = std::memchr(from + searched, '\n', available - searched)) {
      length = static_cast<std::size_t>(static_cast<const char*>(newline) - from);
      line_end = length + 1;
      break;
    }
    if (available > kMaxLineLength + 1) {
      s.fail_too_long();
    }
    if (s.at_end) {
      if (available == 0) {
        return false;
      }
      length = line_end = available;
      break;
    }
    searched = available;
    s.fill();
  }
  const char* const text = s.buffer.get() + s.begin;
  if (length > 0 && text[length - 1] == '\r') {
    --length;
  }
  if (length > kMaxLineLength) {
    s.fail_too_long();
  }
  line = {text, length};
  s.begin += line_end;
  ++s.line;
  if (!s.plain) {
    s.check(line);
  }
  if (s.line == 1 && line.starts_with(kByteOrderMark)) {
    line.remove_prefix(kByteOrderMark.size());
  }
  return true;
}

std::uint64_t InputFile::line_number() const {
  return state_->line;
}

const std::string& InputFile::path() const {
  return state_->source.path();
}

std::string InputFile::fingerprint() const {
  return state_->hash.hex();
}

}  // namespace balse
