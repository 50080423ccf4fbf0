#include "data/delimited_records.hpp"

#include <utility>

#include "balse/data/records.hpp"

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
      whole_ = take_further_lines(file_, splitter_, text_);
    }
    return true;
  }
  return false;
}

bool DelimitedRecords::take_preamble() {
  if (std::string said = said_delimiter(text_); !said.empty()) {
    delimiter_ = std::move(said);
    return true;
  }
  return is_comment(text_);
}

void DelimitedRecords::choose_delimiter() {
  started_ = true;
  splitter_ = LineSplitter(delimiter_.empty() ? detect_delimiter(text_, 3) : delimiter_);
}

}  // namespace balse
