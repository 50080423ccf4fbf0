#include "data/delimited_records.hpp"

namespace balse {

bool DelimitedRecords::next() {
  while (file_.next_line(text_)) {
    if (is_blank(text_) || (!started_ && take_preamble())) {
      continue;
    }
    if (!started_) {
      choose_delimiter();
    }
    whole_ = splitter_.split(text_);
    if (!whole_ && splitter_.is_open()) {
      take_further_lines();
    }
    return true;
  }
  return false;
}

bool DelimitedRecords::take_preamble() {
  constexpr std::string_view kSeparator = "sep=";
  if (text_.size() == kSeparator.size() + 1 && text_.starts_with(kSeparator)) {
    delimiter_ = text_.substr(kSeparator.size());
    return true;
  }
  return text_.starts_with("# ") || text_.starts_with("% ");
}

void DelimitedRecords::choose_delimiter() {
  started_ = true;
  splitter_ = LineSplitter(delimiter_.empty() ? detect_delimiter(text_, 3) : delimiter_);
}

// Until the open quote is closed; else the line stays as it was.
void DelimitedRecords::take_further_lines() {
  std::size_t known = text_.size();
  while (file_.extend_line(text_)) {
    const bool quote = text_.find('"', known) != std::string_view::npos;
    known = text_.size();
    if (!quote) {
      continue;
    }
    whole_ = splitter_.split(text_);
    if (whole_) {
      return;
    }
    if (!splitter_.is_open()) {
      break;
    }
  }
  file_.shorten_line(text_);
  whole_ = splitter_.split(text_);
}

}  // namespace balse
