#include "data/rating_layout.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "balse/data/column_choice.hpp"
#include "balse/data/column_names.hpp"
#include "balse/support/error.hpp"

#include "data/number.hpp"
#include "data/rating_time.hpp"

namespace balse {
namespace {

constexpr std::size_t kMostColumns = 8;  // of numbers alone, without a header

class FirstRow {
 public:
  FirstRow(const LineSplitter& row, const RatingColumns& chosen,
           const std::function<bool(std::string_view)>& is_rating, bool times,
           const std::string& file, std::uint64_t line)
      : row_(row),
        chosen_(chosen),
        is_rating_(is_rating),
        times_(times),
        file_(file),
        line_(line) {}

  RatingLayout layout() {
    find_ratings();
    if (times_) {
      find_time();
    }
    return layout_;
  }

 private:
  void find_ratings() {
    const auto user = chosen_number(chosen_.user);
    const auto item = chosen_number(chosen_.item);
    const auto rating = chosen_number(chosen_.rating);
    if (user && item && rating) {
      layout_ = {.user = *user, .item = *item, .rating = *rating, .guess = {}};
      // Names we do not know are fine when the columns are given, but numbers name nothing: then
      // this is a row whose rating is misspelt.
      layout_.has_header = row_.size() >= layout_.needed() && !holds_rating() &&
                           !parse_number(row_[layout_.user - 1]) &&
                           !parse_number(row_[layout_.item - 1]);
      return;
    }
    const bool any_chosen =
        !chosen_.user.empty() || !chosen_.item.empty() || !chosen_.rating.empty();
    if (!any_chosen && (row_.size() < layout_.needed() || holds_rating()) && !names_a_column()) {
      refuse_matrix();
      if (row_.size() > layout_.needed() && holds_rating()) {
        layout_.guess = "no header: user, item and rating are columns 1, 2 and 3 of " +
                        std::to_string(row_.size());
      }
      return;
    }
    layout_.has_header = true;
    refuse_table();
    layout_.user = place_of("user", chosen_.user, Column::user);
    layout_.item = place_of("item", chosen_.item, Column::item);
    say_candidates("user", chosen_.user, Column::user, layout_.user);
    say_candidates("item", chosen_.item, Column::item, layout_.item);
    layout_.rating = chosen_.rating.empty() ? guess_rating()
                                            : place_of("rating", chosen_.rating, Column::rating);
  }

  // By its name; without a header the fourth column, where it looks like times.
  void find_time() {
    if (!chosen_.time.empty()) {
      layout_.time = place_of("time", chosen_.time, Column::time);
    } else if (layout_.has_header) {
      layout_.time = find_column(row_, Column::time).value_or(static_cast<std::size_t>(-1)) + 1;
    } else if (row_.size() >= 4 && std::max({layout_.user, layout_.item, layout_.rating}) == 3) {
      constexpr std::int64_t kIn1980 = 315'532'800;
      layout_.time = parse_time(row_[3]).value_or(0) >= kIn1980 ? 4 : 0;
    }
  }

  bool holds_rating() const {
    return row_.size() >= layout_.rating && is_rating_(row_[layout_.rating - 1]);
  }

  std::size_t place_of(const char* what, const std::string& chosen, Column column) const {
    if (const auto number = chosen_number(chosen)) {
      return *number;
    }
    const auto field = chosen.empty() ? find_column(row_, column) : find_name(row_, chosen);
    if (!field) {
      fail(chosen.empty() ? std::string("no column is known to be the ") + what
                          : "no column is called " + shorten(chosen));
    }
    return *field + 1;
  }

  // Whether the row is a header although its third field could be a rating, as "userId,1,2,3".
  bool names_a_column() const {
    return is_table_header() ||
           (find_column(row_, Column::user) &&
            (find_column(row_, Column::item) || find_column(row_, Column::rating)));
  }

  // Of a table with a row a user and a column an item, or the other way round.
  bool is_table_header() const {
    if (row_.size() < 3 || parse_number(row_[0]) ||
        !(column_rank(row_[0], Column::user) || column_rank(row_[0], Column::item))) {
      return false;
    }
    for (std::size_t k = 1; k < row_.size(); ++k) {
      if (!parse_number(row_[k])) {
        return false;
      }
    }
    return true;
  }

  void refuse_table() const {
    if (is_table_header() && chosen_.rating.empty()) {
      throw Error(ErrorKind::bad_data,
                  {.file = file_,
                   .line = line_,
                   .found = "looks like a matrix of users and items: the header names " +
                            shorten(row_[0]) + " and then numbers",
                   .expected = "rows of user,item,rating",
                   .hint = "pandas' melt(), or whatever makes a row of each rating"});
    }
  }

  // Of several that may be it the first is taken.
  void say_candidates(const char* what, const std::string& chosen, Column column,
                      std::size_t taken) {
    const std::vector<std::size_t> all = find_columns(row_, column);
    if (!chosen.empty() || all.size() < 2) {
      return;
    }
    std::string others;
    for (const std::size_t other : all) {
      if (other + 1 != taken) {
        others += (others.empty() ? "" : ", ") + shorten(row_[other]);
      }
    }
    layout_.guess += (layout_.guess.empty() ? "" : "; ") + std::string("the ") + what + " is " +
                     shorten(row_[taken - 1]) + ", not " + others + " (--columns " + what +
                     "=NAME)";
  }

  // A row a user and a column an item: as triplets it would be three columns of nonsense.
  void refuse_matrix() const {
    bool numbers = row_.size() > kMostColumns;
    for (std::size_t k = 0; k < row_.size() && numbers; ++k) {
      numbers = row_[k].empty() || parse_number(row_[k]).has_value();
    }
    if (numbers) {
      throw Error(ErrorKind::bad_data,
                  {.file = file_,
                   .line = line_,
                   .found = "looks like a matrix of users and items: " +
                            std::to_string(row_.size()) + " columns of numbers and no header",
                   .expected = "rows of user,item,rating",
                   .hint = "--columns user=1,item=2,rating=3 if that is what they are"});
    }
  }

  // The community's mean stands beside the user's rating in files that were joined.
  std::size_t guess_rating() {
    const std::vector<std::size_t> candidates = find_columns(row_, Column::rating);
    if (candidates.empty()) {
      fail("no column is known to be the rating");
    }
    if (candidates.size() > 1) {
      std::string others;
      for (std::size_t k = 1; k < candidates.size(); ++k) {
        others += (k == 1 ? "" : ", ") + shorten(row_[candidates[k]]);
      }
      if (column_rank(row_[candidates[0]], Column::rating) ==
          column_rank(row_[candidates[1]], Column::rating)) {
        throw Error(ErrorKind::bad_data,
                    {.file = file_,
                     .line = line_,
                     .found = "two columns may be the rating: " + shorten(row_[candidates[0]]) +
                              " and " + others,
                     .hint = "--columns rating=" + std::string(row_[candidates[0]])});
      }
      layout_.guess += (layout_.guess.empty() ? "" : "; ") + std::string("the rating is ") +
                       shorten(row_[candidates[0]]) + ", not " + others +
                       " (--columns rating=NAME)";
    }
    return candidates[0] + 1;
  }

  // Never a bad row among others: without knowing what the columns are nothing can be read.
  [[noreturn]] void fail(const std::string& why) const {
    const std::string no_rating = row_.size() < layout_.needed() || holds_rating()
                                      ? ""
                                      : ", and " + shorten(row_[layout_.rating - 1]) +
                                            " in column " + std::to_string(layout_.rating) +
                                            " is no rating";
    throw Error(ErrorKind::bad_data,
                {.file = file_,
                 .line = line_,
                 .found = why + no_rating + ": " + first_row_is(row_),
                 .expected = "a header that names user, item and rating, or ratings in column 3",
                 .hint = suggestion() + ", or whichever they are, by name or number from 1 on"});
  }

  // What is known by its name; what is left of the names, in their order, where there are as many
  // of them as columns to find.
  std::string suggestion() const {
    const std::array kinds = {std::pair("user", find_column(row_, Column::user)),
                              std::pair("item", find_column(row_, Column::item)),
                              std::pair("rating", find_column(row_, Column::rating))};
    std::vector<std::string> left;
    for (std::size_t k = 0; k < row_.size(); ++k) {
      const bool known = std::any_of(kinds.begin(), kinds.end(),
                                     [k](const auto& kind) { return kind.second == k; });
      if (!known && !row_[k].empty()) {
        left.push_back(printable(row_[k].substr(0, 30)));
      }
    }
    const auto missing = static_cast<std::size_t>(
        std::count_if(kinds.begin(), kinds.end(), [](const auto& kind) { return !kind.second; }));
    std::string text;
    std::size_t next = 0;
    for (const auto& kind : kinds) {
      text += text.empty() ? "--columns " : ",";
      text += kind.first + std::string("=");
      text += kind.second              ? printable(row_[*kind.second].substr(0, 30))
              : left.size() == missing ? left[next++]
                                       : std::string("NAME");
    }
    return text;
  }

  const LineSplitter& row_;
  const RatingColumns& chosen_;
  const std::function<bool(std::string_view)>& is_rating_;
  bool times_;
  const std::string& file_;
  std::uint64_t line_;
  RatingLayout layout_;
};

}  // namespace

std::size_t fields_for(const RatingColumns& chosen) {
  std::size_t wanted = 3;
  for (const std::string* column : {&chosen.user, &chosen.item, &chosen.rating}) {
    wanted = std::max(wanted, chosen_number(*column).value_or(0));
  }
  return wanted;
}

std::size_t RatingLayout::needed() const {
  return std::max({user, item, rating, time});
}

RatingColumns RatingColumns::parse(std::string_view text) {
  RatingColumns columns;
  parse_columns(text, "--columns user=1,item=2,rating=3",
                {{"user", &columns.user},
                 {"item", &columns.item},
                 {"rating", &columns.rating},
                 {"time", &columns.time}});
  return columns;
}

std::string describe(const RatingLayout& layout, const LineSplitter& first_row) {
  std::string text;
  const auto add = [&](const char* what, std::size_t column) {
    if (column == 0) {
      return;
    }
    text += (text.empty() ? "" : ", ") + std::string(what) + " = " +
            (text.empty() ? "column " : "") + std::to_string(column);
    if (layout.has_header && column <= first_row.size()) {
      text += " " + shorten(first_row[column - 1]);
    }
  };
  add("user", layout.user);
  add("item", layout.item);
  add("rating", layout.rating);
  add("time", layout.time);
  return text + (layout.has_header || !layout.guess.empty() ? "" : "; no header");
}

RatingLayout rating_layout(const LineSplitter& first_row, const RatingColumns& chosen,
                           const std::function<bool(std::string_view)>& is_rating, bool times,
                           const std::string& file, std::uint64_t line) {
  return FirstRow(first_row, chosen, is_rating, times, file, line).layout();
}

}  // namespace balse
