#include "balse/data/delimited.hpp"

#include <algorithm>
#include <utility>

#include "balse/support/error.hpp"

#include "data/eight_bytes.hpp"

namespace balse {

LineSplitter::LineSplitter(std::string delimiter)
    : delimiter_(std::move(delimiter)),
      trim_(delimiter_.find(' ') == std::string::npos),
      blanks_(delimiter_ == kBlanks),
      lenient_(delimiter_.size() > 1 || delimiter_ == "\t") {
  if (delimiter_.empty() || delimiter_.find_first_of("\"\n\r") != std::string::npos) {
    throw Error(ErrorKind::usage,
                {.found = "a delimiter cannot be " + shorten(delimiter_),
                 .expected = "one or more characters, not a quote or the end of a line"});
  }
}

const char* LineSplitter::find_delimiter(const char* from, const char* end) const {
  if (blanks_) {
    return std::find_if(from, end, [](char c) { return c == ' ' || c == '\t'; });
  }
  const char first = delimiter_[0];
  const std::size_t length = delimiter_.size();
  for (const char* at = from; at != end; ++at) {
    if (*at == first && (length == 1 || std::string_view(at, end - at).starts_with(delimiter_))) {
      return at;
    }
  }
  return end;
}

const char* LineSplitter::after_delimiter(const char* at, const char* end) const {
  return blanks_ ? std::find_if(at, end, [](char c) { return c != ' ' && c != '\t'; })
                 : at + delimiter_.size();
}

// Adds the field that starts with `quote`; the place after it, or nullptr where quotes are wrong.
const char* LineSplitter::quoted_field(const char* quote, const char* end) {
  const char* const begin = quote + 1;
  const char* close = begin;
  bool doubled = false;
  for (; close != end; ++close) {
    if (*close == '"') {
      if (close + 1 == end || close[1] != '"') {
        break;
      }
      doubled = true;
      ++close;
    }
  }
  if (close == end) {
    problem_ = "a quote that is not closed";
    open_ = true;
    return nullptr;
  }
  const char* after = close + 1;
  while (trim_ && after != end && *after == ' ') {
    ++after;
  }
  if (after != end && find_delimiter(after, end) != after) {
    problem_ = "text after a closing quote";
    return nullptr;
  }
  if (!doubled) {
    fields_.emplace_back(begin, close - begin);
    return after;
  }
  const std::size_t start = unquoted_.size();
  for (const char* at = begin; at != close; ++at) {
    unquoted_ += *at;
    at += *at == '"' ? 1 : 0;
  }
  fields_.push_back(std::string_view(unquoted_).substr(start));
  return after;
}

bool LineSplitter::split(std::string_view line, std::size_t limit) {
  fields_.clear();
  open_ = false;
  return delimiter_.size() == 1 ? split_plain(line, limit) : split_any(line, limit);
}

// At a single character, until a field has quotes.
bool LineSplitter::split_plain(std::string_view line, std::size_t limit) {
  const char delimiter = delimiter_[0];
  const char* const end = line.data() + line.size();
  for (const char* at = line.data();;) {
    const char* begin = at;
    while (trim_ && begin != end && *begin == ' ') {
      ++begin;
    }
    if (begin != end && *begin == '"') {
      return split_from(at, end, limit);
    }
    const char* const stop = find_character(line.data(), begin, end, delimiter);
    const char* last = stop;
    while (trim_ && last != begin && last[-1] == ' ') {
      --last;
    }
    fields_.emplace_back(begin, last - begin);
    if (stop == end) {
      rest_ = {};
      return true;
    }
    at = stop + 1;
    if (fields_.size() == limit) {
      rest_ = {at, static_cast<std::size_t>(end - at)};
      return true;
    }
  }
}

bool LineSplitter::split_any(std::string_view line, std::size_t limit) {
  if (blanks_) {
    const std::size_t begin = line.find_first_not_of(kBlanks);
    const std::size_t last = line.find_last_not_of(kBlanks);
    line =
        begin == std::string_view::npos ? line.substr(0, 0) : line.substr(begin, last - begin + 1);
  }
  return split_from(line.data(), line.data() + line.size(), limit);
}

bool LineSplitter::split_from(const char* at, const char* end, std::size_t limit) {
  unquoted_.clear();
  unquoted_.reserve(static_cast<std::size_t>(end - at));  // fields point into it: it must not move
  for (;;) {
    while (trim_ && at != end && *at == ' ') {
      ++at;
    }
    const char* stop = nullptr;
    if (at != end && *at == '"') {
      stop = quoted_field(at, end);
      if (stop == nullptr && !lenient_) {
        return false;
      }
    }
    if (stop == nullptr) {
      stop = find_delimiter(at, end);
      const char* last = stop;
      while (trim_ && last != at && last[-1] == ' ') {
        --last;
      }
      fields_.emplace_back(at, last - at);
    }
    if (stop == end) {
      rest_ = {};
      return true;
    }
    at = after_delimiter(stop, end);
    if (fields_.size() == limit) {
      rest_ = {at, static_cast<std::size_t>(end - at)};
      return true;
    }
  }
}

std::string detect_delimiter(std::string_view line, std::size_t wanted) {
  for (const std::size_t fields : {wanted, std::size_t{2}}) {
    std::string best;
    std::size_t best_length = std::string_view::npos;
    for (const char* candidate : {"\t", "::", ",", ";", "|"}) {
      LineSplitter splitter(candidate);
      if (splitter.split(line, fields) && splitter.size() >= fields &&
          splitter[0].size() < best_length) {
        best = candidate;
        best_length = splitter[0].size();
      }
    }
    if (!best.empty()) {
      return best;
    }
  }
  return ",";
}

std::string delimiter_name(std::string_view delimiter) {
  if (delimiter == ",") {
    return "commas";
  }
  if (delimiter == "\t") {
    return "tabs";
  }
  if (delimiter == LineSplitter::kBlanks) {
    return "spaces and tabs";
  }
  if (delimiter == ";") {
    return "semicolons";
  }
  return shorten(delimiter);
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace balse
