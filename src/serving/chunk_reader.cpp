#include "serving/chunk_reader.hpp"

#include <algorithm>
#include <utility>

#include "balse/data/bad_rows.hpp"
#include "balse/data/delimited.hpp"
#include "balse/data/file_kind.hpp"
#include "balse/data/input_file.hpp"
#include "balse/data/records.hpp"
#include "balse/support/error.hpp"

namespace balse {
namespace {

constexpr int kPatience = 100;  // milliseconds until the caller may look after other things
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view without_return(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

bool ChunkReader::open_next() {
  if (next_path_ == paths_.size()) {
    return false;
  }
  source_ = std::make_unique<ByteSource>(paths_[next_path_++]);
  layout_.reset();
  buffer_.clear();
  lines_ = 0;
  at_end_ = false;
  ends_with_return_ = false;
  said_delimiter_.clear();
  return true;
}

// Takes blank lines, comments, Excel's "sep=" and the header off the buffer, up to the first row or
// to what is there of it. First rows that are none stay, to be answered once it is known what rows
// look like: who asks line by line counts the answers.
void ChunkReader::find_layout() {
  std::size_t at = 0;
  std::size_t kept = std::string::npos;  // where the first of those begins
  std::uint64_t passed = 0;              // lines before it
  while (layout_ == nullptr) {
    const std::size_t newline = buffer_.find('\n', at);
    if (newline == std::string::npos && (!at_end_ || at == buffer_.size())) {
      break;
    }
    std::string_view line = without_return(std::string_view(buffer_).substr(at, newline - at));
    if (lines_ + passed == 0 && line.starts_with(kByteOrderMark)) {
      at += kByteOrderMark.size();
      line.remove_prefix(kByteOrderMark.size());
    }
    const std::size_t end = newline == std::string::npos ? buffer_.size() : newline + 1;
    const bool is_none = is_blank(line) || (kept == std::string::npos && take_preamble(line));
    const bool is_row = !is_none && take_first_row(line, lines_ + passed + 1);
    if (layout_ != nullptr && layout_->had_header && kept != std::string::npos) {
      buffer_.replace(at, end - at, "\n");  // so that lines keep their numbers
    }
    if (layout_ != nullptr && !layout_->had_header) {
      break;
    }
    if (!is_none && !is_row) {
      kept = std::min(kept, at);
    }
    at = end;
    passed += kept == std::string::npos ? 1 : 0;
  }
  const bool waits = layout_ == nullptr && kept != std::string::npos;
  if (waits && (at_end_ || !source_->ready(0))) {
    layout_ = std::make_shared<const PairLayout>(
        PairLayout::assumed({.path = source_->path(), .said_delimiter = said_delimiter_},
                            std::string_view(buffer_).substr(kept)));
  }
  if (!waits || layout_ != nullptr) {
    buffer_.erase(0, std::min(at, kept));
    lines_ += passed;
  }
}

// Whether it is none of the rows: what tables and people put before the first.
bool ChunkReader::take_preamble(std::string_view line) {
  if (std::string said = said_delimiter(line); !said.empty()) {
    said_delimiter_ = std::move(said);
    return true;
  }
  return is_comment(line);
}

// Whether it is a row or a header, which layout_ then tells of.
bool ChunkReader::take_first_row(std::string_view line, std::uint64_t number) {
  std::string problem;
  const PairLayout::Place place{
      .path = source_->path(), .line = number, .said_delimiter = said_delimiter_};
  auto found = PairLayout::detect(place, line, options_, *model_, problem);
  if (found) {
    if (!found->guess.empty()) {
      guesses_.push_back(source_->path() + ": " + found->guess);
    }
    layout_ = std::make_shared<const PairLayout>(std::move(*found));
    return true;
  }
  if (!options_.skip_bad_rows) {
    throw Error(ErrorKind::bad_data, {.file = source_->path(),
                                      .line = number,
                                      .found = std::move(problem),
                                      .expected = "user,item",
                                      .hint = "--delimiter or --skip-bad-rows"});
  }
  return false;
}

void ChunkReader::check_length() const {
  if (buffer_.size() > InputFile::kMaxLineLength) {
    throw Error(ErrorKind::bad_data,
                {.file = source_->path(),
                 .line = lines_ + 1,
                 .found = "a line longer than 1 MiB that begins " + shorten(buffer_, 40),
                 .expected = "text with a row on each line"});
  }
}

void ChunkReader::take(std::size_t length, Lines& lines) {
  lines.layout = layout_;
  lines.lines_before = lines_;
  lines.text.assign(buffer_, 0, length);
  buffer_.erase(0, length);
  lines_ += static_cast<std::uint64_t>(std::count(lines.text.begin(), lines.text.end(), '\n'));
}

ChunkReader::Result ChunkReader::next(Lines& lines) {
  for (;;) {
    if (source_ == nullptr && !open_next()) {
      return Result::end;
    }
    if (layout_ == nullptr) {
      find_layout();
    }
    const std::size_t newline = layout_ == nullptr ? std::string::npos : buffer_.rfind('\n');
    const bool some = newline != std::string::npos;
    if (some && (buffer_.size() >= kSize || at_end_ || failure_ || !source_->ready(0))) {
      take(newline + 1, lines);
      return Result::lines;
    }
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    if (at_end_) {
      if (layout_ != nullptr && !buffer_.empty()) {
        take(buffer_.size(), lines);
        return Result::lines;
      }
      source_.reset();
      continue;
    }
    if (!some) {
      check_length();
    }
    if (!source_->ready(kPatience)) {
      return Result::wait;
    }
    read_more();
  }
}

// Whether it is text, and what ends its lines.
void ChunkReader::look_at_start() {
  fail_foreign_file(buffer_, source_->path());
  const std::size_t cr = buffer_.find('\r');
  ends_with_return_ =
      cr != std::string::npos && cr + 1 < buffer_.size() && buffer_.find('\n') == std::string::npos;
}

void ChunkReader::read_more() {
  const std::size_t size = buffer_.size();
  buffer_.resize(size + kSize);
  std::size_t count = 0;
  try {
    count = source_->read(buffer_.data() + size, kSize);
  } catch (...) {
    failure_ = std::current_exception();  // once the lines before it are handed out
  }
  buffer_.resize(size + count);
  if (size == 0 && lines_ == 0 && layout_ == nullptr) {
    look_at_start();
  }
  if (ends_with_return_) {
    std::replace(buffer_.begin() + static_cast<std::ptrdiff_t>(size), buffer_.end(), '\r', '\n');
  }
  at_end_ = count == 0 && !failure_;
}

}  // namespace balse
