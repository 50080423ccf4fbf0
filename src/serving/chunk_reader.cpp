#include "serving/chunk_reader.hpp"

#include <algorithm>

#include "balse/data/input_file.hpp"
#include "balse/support/error.hpp"

#include "data/delimited.hpp"

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
  return true;
}

// Takes blank lines and the header off the buffer; false until the first row or the end is in it.
bool ChunkReader::find_layout() {
  for (;;) {
    const std::size_t newline = buffer_.find('\n');
    if (newline == std::string::npos && !(at_end_ && !buffer_.empty())) {
      return at_end_;
    }
    const std::size_t length = newline == std::string::npos ? buffer_.size() : newline + 1;
    std::string_view line = without_return(std::string_view(buffer_).substr(0, newline));
    if (lines_ == 0 && line.starts_with(kByteOrderMark)) {
      line.remove_prefix(kByteOrderMark.size());
      buffer_.erase(0, kByteOrderMark.size());
      continue;
    }
    if (!is_blank(line)) {
      layout_ =
          std::make_shared<const PairLayout>(PairLayout::detect(source_->path(), line, options_));
      if (!layout_->had_header) {
        return true;
      }
    }
    buffer_.erase(0, length);
    ++lines_;
    if (layout_) {
      return true;
    }
  }
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
    if (layout_ == nullptr && !find_layout()) {
      check_length();
    }
    const std::size_t newline = layout_ == nullptr ? std::string::npos : buffer_.rfind('\n');
    const bool some = newline != std::string::npos;
    if (at_end_) {
      const bool rest = layout_ != nullptr && !buffer_.empty();
      if (rest) {
        take(buffer_.size(), lines);
        return Result::lines;
      }
      source_.reset();
      continue;
    }
    if (some && (buffer_.size() >= kSize || !source_->ready(0))) {
      take(newline + 1, lines);
      return Result::lines;
    }
    if (!some) {
      check_length();
    }
    if (!source_->ready(kPatience)) {
      return Result::wait;
    }
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kSize);
    const std::size_t count = source_->read(buffer_.data() + size, kSize);
    buffer_.resize(size + count);
    at_end_ = count == 0;
  }
}

}  // namespace balse
