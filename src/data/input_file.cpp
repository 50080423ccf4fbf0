#include "balse/data/input_file.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "balse/data/byte_source.hpp"
#include "balse/data/file_kind.hpp"
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
  void start();
  bool find_end(std::size_t from);
  void take(std::string_view& line);
  void check(std::string_view line) const;
  [[noreturn]] void fail_binary(std::uint64_t at_line, std::string_view text) const;
  [[noreturn]] void fail_too_long(std::uint64_t at_line) const;

  ByteSource source;
  Sha256 hash;
  std::unique_ptr<char[]> buffer = std::make_unique_for_overwrite<char[]>(kBuffer);
  std::size_t begin = 0;   // the line last handed out, or what has been read but not handed out
  std::size_t length = 0;  // of that line, from begin on, without its end
  std::size_t next = 0;    // after its end
  std::size_t end = 0;     // buffer[next .. end) has been read but not handed out
  std::size_t first_length = 0;  // of that line before it was extended, if it was
  std::size_t first_next = 0;
  bool plain = true;  // is_plain(buffer[begin .. end))
  bool at_end = false;
  bool started = false;
  char newline = '\n';
  std::uint64_t line = 0;
  std::uint64_t lines = 1;  // of the line last handed out
};

void InputFile::State::fill() {
  std::memmove(buffer.get(), buffer.get() + begin, end - begin);
  end -= begin;
  next -= begin;
  first_next -= begin;
  begin = 0;
  const std::size_t count =
      source.read(buffer.get() + end, std::min<std::size_t>(kReadChunk, kBuffer - end));
  const std::string_view chunk(buffer.get() + end, count);
  hash.update(chunk);
  plain = (plain || end == 0) && is_plain(chunk);
  end += count;
  at_end = count == 0;
}

// By the first bytes: whether it is text, and what ends its lines.
void InputFile::State::start() {
  started = true;
  do {
    fill();
  } while (!at_end && kByteOrderMark.starts_with({buffer.get(), end}));
  if (std::string_view(buffer.get(), end).starts_with(kByteOrderMark)) {
    begin = next = kByteOrderMark.size();
  }
  while (!at_end && may_be_foreign({buffer.get(), end})) {
    fill();
  }
  fail_foreign_file({buffer.get() + begin, end - begin}, source.path());
  const std::string_view text(buffer.get() + begin, end - begin);
  const std::size_t cr = text.find('\r');
  if (cr != std::string_view::npos && cr + 1 < text.size() &&
      text.find('\n') == std::string_view::npos) {
    newline = '\r';
  }
}

// Of the line from `begin` on, whose first bytes up to `from` hold none: length and next.
bool InputFile::State::find_end(std::size_t from) {
  for (std::size_t searched = from - begin;;) {
    const char* const text = buffer.get() + begin;
    const std::size_t available = end - begin;
    if (const void* found = std::memchr(text + searched, newline, available - searched)) {
      length = static_cast<std::size_t>(static_cast<const char*>(found) - text);
      next = begin + length + 1;
      return true;
    }
    if (available > kMaxLineLength + 1) {
      return false;
    }
    if (at_end) {
      length = available;
      next = end;
      return true;
    }
    searched = available;
    fill();
  }
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

void InputFile::State::fail_too_long(std::uint64_t at_line) const {
  const std::string_view text(buffer.get() + begin, end - begin);
  if (text.find('\0') != std::string_view::npos) {
    fail_binary(at_line, text);
  }
  throw Error(ErrorKind::bad_data,
              {.file = source.path(),
               .line = at_line,
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

// What find_end() found.
inline void InputFile::State::take(std::string_view& text) {
  const char* const from = buffer.get() + begin;
  while (length > 0 && from[length - 1] == '\r') {  // two where CR LF was taken for LF once
    --length;
  }
  if (length > kMaxLineLength) {
    fail_too_long(line);
  }
  text = {from, length};
  if (!plain) {
    check(text);
  }
}

bool InputFile::next_line(std::string_view& line) {
  State& s = *state_;
  if (!s.started) {
    s.start();
  }
  s.begin = s.next;
  const char* const from = s.buffer.get() + s.begin;
  if (const void* end = std::memchr(from, s.newline, s.end - s.begin)) {  // nearly always
    s.length = static_cast<std::size_t>(static_cast<const char*>(end) - from);
    s.next = s.begin + s.length + 1;
  } else {
    if (s.at_end && s.begin == s.end) {
      return false;
    }
    if (!s.find_end(s.begin)) {
      s.fail_too_long(s.line + s.lines);
    }
    if (s.next == s.begin) {  // the end came only now
      return false;
    }
  }
  s.line += s.lines;
  s.lines = 1;
  s.take(line);
  return true;
}

bool InputFile::extend_line(std::string_view& line) {
  State& s = *state_;
  if (s.lines == 1) {
    s.first_length = s.length;
    s.first_next = s.next;
  }
  const std::size_t length = s.length;
  const std::size_t next = s.next - s.begin;
  const bool ended = s.at_end && s.next == s.end;
  if (!ended && s.find_end(s.next) && s.next - s.begin != next && s.length <= kMaxLineLength) {
    ++s.lines;
    s.take(line);
    return true;
  }
  s.length = length;
  s.next = s.begin + next;
  line = {s.buffer.get() + s.begin, length};
  return false;
}

void InputFile::shorten_line(std::string_view& line) {
  State& s = *state_;
  if (s.lines > 1) {
    s.length = s.first_length;
    s.next = s.first_next;
    s.lines = 1;
  }
  line = {s.buffer.get() + s.begin, s.length};
}

std::string_view InputFile::head() {
  State& s = *state_;
  if (!s.started) {
    s.start();
  }
  return {s.buffer.get() + s.next, s.end - s.next};
}

bool InputFile::next_chunk(std::string_view& chunk) {
  State& s = *state_;
  chunk = head();
  if (chunk.empty() && !s.at_end) {
    s.begin = s.next;
    s.fill();
    chunk = head();
  }
  s.next = s.end;
  return !chunk.empty();
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
