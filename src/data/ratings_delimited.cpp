#include "data/ratings_delimited.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "balse/data/delimited.hpp"
#include "balse/data/records.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/eight_bytes.hpp"
#include "data/rating_layout.hpp"
#include "data/rating_preamble.hpp"

namespace balse {
namespace {

// Whether any byte is `a` or `b`: eight at a time, as what follows a rating is a time mostly.
bool may_hold(std::string_view text, char a, char b) {
  const auto holds = [all_a = eight_of(a), all_b = eight_of(b)](const char* from) {
    const std::uint64_t word = load_eight(from);
    return bytes_equal(word, all_a) | bytes_equal(word, all_b);
  };
  if (text.size() < 8) {
    return std::any_of(text.begin(), text.end(), [a, b](char c) { return c == a || c == b; });
  }
  for (std::size_t k = 0; k + 8 < text.size(); k += 8) {
    if (holds(text.data() + k) != 0) {
      return true;
    }
  }
  return holds(text.data() + text.size() - 8) != 0;
}

class DelimitedRatings {
 public:
  DelimitedRatings(InputFile& file, RatingCollector& ratings)
      : file_(file), ratings_(ratings), preamble_(ratings.options()) {}

  void read();

 private:
  bool start(std::string_view line);
  void look_for_row_names(std::string_view line);
  // By reference as next_line() wrote it: a copy of both of its members at once would wait until
  // they are in the cache.
  void add_row(std::string_view& line);
  bool split(std::string_view& line);
  bool split_at_blanks(std::string_view line);
  bool has_more(std::string_view rest);
  void reject_short_row();

  InputFile& file_;
  RatingCollector& ratings_;
  RatingPreamble preamble_;
  LineSplitter splitter_{","};
  LineSplitter rest_{","};  // of a row, after the columns that are looked at
  LineSplitter blanks_{LineSplitter::kBlanks};
  const LineSplitter* row_ = nullptr;  // the one that split the last line
  RatingLayout columns_;
  std::size_t needed_ = 0;       // fields of a row that are looked at
  std::size_t names_ = 0;        // fields of the header, or of the first row; 0: nobody counts
  std::size_t more_fields_ = 0;  // of the last row beyond those, at most
  bool first_row_ = true;
  bool may_be_blanks_ = false;  // between columns, among rows with tabs
  bool said_blanks_ = false;
  bool said_quote_ = false;
};

void DelimitedRatings::read() {
  std::string_view line;
  while (file_.next_line(line)) {
    if (is_blank(line)) {
      continue;
    }
    if (needed_ == 0 && (preamble_.takes(line) || start(line))) {
      continue;
    }
    add_row(line);
  }
}

// Decides by the first row how the file is written; true if that row is a header.
bool DelimitedRatings::start(std::string_view line) {
  const ReadRatingsOptions& options = ratings_.options();
  ReadRatingsSummary& summary = ratings_.summary();
  const std::string delimiter = preamble_.delimiter_of(line);
  splitter_ = LineSplitter(delimiter);
  rest_ = LineSplitter(delimiter);
  summary.delimiter = delimiter;
  may_be_blanks_ = delimiter == "\t" && options.delimiter.empty();
  std::string named;  // by lines before the first row
  for (const std::string& name : preamble_.names()) {
    named += (named.empty() ? "" : delimiter) + name;
  }
  if (splitter_.split(named.empty() ? line : std::string_view(named))) {
    columns_ = rating_layout(
        splitter_, options.columns,
        [this](std::string_view text) { return ratings_.is_rating(text); }, options.times,
        file_.path(), file_.line_number());
  }
  summary.had_header = columns_.has_header;
  needed_ = columns_.needed();
  names_ = splitter_.size();
  if (!columns_.guess.empty()) {
    ratings_.add_guess(columns_.guess);
  }
  summary.files.back().read_as =
      "rows between " + delimiter_name(delimiter) + ": " + describe(columns_, splitter_);
  return columns_.has_header && named.empty();
}

// R writes the numbers of the rows before them, and no name for these.
void DelimitedRatings::look_for_row_names(std::string_view line) {
  // Between spaces also without quotes; between commas it may be a decimal comma's doing.
  const bool is_first =
      line.starts_with("\"1\"") ||
      (splitter_.delimiter() == LineSplitter::kBlanks &&
       (line.starts_with("1 ") || line.starts_with("0 ") || line.starts_with("1\t")));
  if (is_first && splitter_.split(line) && splitter_.size() == names_ + 1) {
    for (std::size_t* column : {&columns_.user, &columns_.item, &columns_.rating}) {
      ++*column;
    }
    columns_.time += columns_.time > 0 ? 1 : 0;
    ++needed_;
    ++names_;
    ratings_.add_guess(
        "rows have one field more than the header: the first is taken for row names");
  }
}

void DelimitedRatings::add_row(std::string_view& line) {
  ratings_.begin_row(file_.line_number());
  if (first_row_) {
    first_row_ = false;
    if (columns_.has_header) {
      look_for_row_names(line);
    }
  }
  if (!split(line)) {
    ratings_.reject(std::string(splitter_.problem()) + " in " + shorten(line), {}, "--delimiter");
    return;
  }
  const LineSplitter& row = *row_;
  if (row.size() < needed_) {
    reject_short_row();
    return;
  }
  // Else 4,5 between commas would be 4.
  if (names_ > 0 && more_fields_ > names_ - needed_ && has_more(row.rest())) {
    const std::string fields = counted(names_, "column");
    ratings_.reject(
        "more fields than the " +
            (columns_.has_header ? fields + " of the header" : fields + " of the first row") +
            " in " + shorten(line),
        {}, "quotes around what holds the delimiter");
    return;
  }
  const RatingRow found = {.user = row[columns_.user - 1],
                           .item = row[columns_.item - 1],
                           .rating = row[columns_.rating - 1],
                           .time = columns_.time > 0 ? row[columns_.time - 1] : std::string_view()};
  if (found.user.empty() || found.item.empty()) {
    ratings_.reject_empty(found, line);
    return;
  }
  ratings_.add(found);
}

// Into row_; a line that goes on after a line end within quotes becomes longer. False where quotes
// are wrong.
bool DelimitedRatings::split(std::string_view& line) {
  row_ = &splitter_;
  more_fields_ = 0;
  if (!splitter_.split(line, needed_)) {
    return splitter_.is_open() && take_further_lines(file_, splitter_, line, needed_) &&
           splitter_.split(line, needed_);
  }
  if (splitter_.size() < needed_) {
    row_ = may_be_blanks_ && split_at_blanks(line) ? &blanks_ : &splitter_;
    return true;
  }
  const std::string_view rest = splitter_.rest();
  more_fields_ = rest.empty() ? 0 : 1;
  bool quotes = false;
  if (may_hold(rest, splitter_.delimiter()[0], '"') || splitter_.delimiter().size() > 1) {
    more_fields_ = rest.size();
    quotes = rest.find('"') != std::string_view::npos;
  }
  if (quotes && !rest_.split(rest) && rest_.is_open()) {
    if (!take_further_lines(file_, splitter_, line, needed_) && !said_quote_) {
      said_quote_ = true;
      ratings_.add_guess("the quote in line " + std::to_string(file_.line_number()) +
                         " is never closed, so it is taken for a character");
    }
    return splitter_.split(line, needed_);
  }
  return true;
}

// Konect's files have spaces in some rows and tabs in others.
bool DelimitedRatings::split_at_blanks(std::string_view line) {
  if (!blanks_.split(line, needed_) || blanks_.size() < needed_) {
    return false;
  }
  if (!said_blanks_) {
    said_blanks_ = true;
    ratings_.add_guess("spaces part columns, too, as in line " +
                       std::to_string(file_.line_number()));
  }
  return true;
}

// Fields that are empty are none.
bool DelimitedRatings::has_more(std::string_view rest) {
  const std::size_t allowed = names_ - needed_;
  if (!rest_.split(rest)) {
    return false;
  }
  for (std::size_t field = allowed; field < rest_.size(); ++field) {
    if (!rest_[field].empty()) {
      return true;
    }
  }
  return false;
}

void DelimitedRatings::reject_short_row() {
  const std::size_t size = splitter_.size();
  std::string found = "missing column: ";
  found += size == 1 ? "only 1 field, " + shorten(splitter_[0]) + ','
                     : "only " + std::to_string(size) + " fields";
  found += " when split at " + delimiter_name(splitter_.delimiter());
  const std::string expected = "user in column " + std::to_string(columns_.user) + ", item in " +
                               std::to_string(columns_.item) + ", rating in " +
                               std::to_string(columns_.rating);
  ratings_.reject(std::move(found), expected, "--delimiter, --columns user=1,item=2,rating=3");
}

}  // namespace

void read_delimited_ratings(InputFile& file, RatingCollector& ratings) {
  DelimitedRatings(file, ratings).read();
}

}  // namespace balse
