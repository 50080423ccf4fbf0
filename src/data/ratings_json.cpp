#include "data/ratings_json.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "balse/data/column_choice.hpp"
#include "balse/support/error.hpp"

#include "data/json_ratings.hpp"
#include "data/json_stream.hpp"

namespace balse {
namespace {

using SaxJson = nlohmann::json;

[[noreturn]] void fail_no_rows(const InputFile& file, std::uint64_t line) {
  throw Error(ErrorKind::bad_data,
              {.file = file.path(),
               .line = line,
               .found = "JSON without objects that have an item and a rating",
               .expected = "members as user_id, item_id, rating, or an export of AniList",
               .hint = "--columns user=NAME,item=NAME,rating=NAME"});
}

void read_lines(InputFile& file, RatingCollector& ratings) {
  JsonRatings rows(ratings, file.path());
  bool first = true;
  std::string_view line;
  while (file.next_line(line)) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) {
      continue;
    }
    rows.begin_value(nullptr, file.line_number());
    if (!SaxJson::sax_parse(line.begin(), line.end(), &rows)) {
      ratings.begin_row(file.line_number());
      ratings.reject("no JSON in " + shorten(line) + ": " + rows.problem(), {}, {});
      continue;
    }
    rows.end_value();
    if (!rows.found()) {
      if (first) {
        fail_no_rows(file, file.line_number());
      }
      ratings.begin_row(file.line_number());
      ratings.reject("no rating in " + shorten(line), "an object as in the first line", {});
    }
    first = false;
  }
}

void read_document(InputFile& file, RatingCollector& ratings) {
  JsonRatings rows(ratings, file.path());
  JsonBytes bytes(file);
  const std::uint64_t before = ratings.summary().rows;
  while (bytes.skip_space()) {
    rows.begin_value(&bytes, 0);
    if (!SaxJson::sax_parse(bytes.begin(), JsonBytes::end(), &rows, SaxJson::input_format_t::json,
                            false)) {
      throw Error(ErrorKind::bad_data, {.file = file.path(),
                                        .line = bytes.line(),
                                        .found = "JSON that cannot be read: " + rows.problem(),
                                        .hint = "a new download of it"});
    }
    rows.end_value();
  }
  if (ratings.summary().rows == before) {
    fail_no_rows(file, 0);
  }
}

}  // namespace

void read_json_ratings(InputFile& file, RatingCollector& ratings) {
  const RatingColumns& chosen = ratings.options().columns;
  for (const std::string* column : {&chosen.user, &chosen.item, &chosen.rating, &chosen.time}) {
    if (chosen_number(*column)) {
      throw Error(ErrorKind::usage, {.file = file.path(),
                                     .found = "is JSON, which has no column " + *column,
                                     .expected = "names of members",
                                     .hint = "--columns user=NAME,item=NAME,rating=NAME"});
    }
  }
  if (looks_like_json_lines(file.head())) {
    read_lines(file, ratings);
  } else {
    read_document(file, ratings);
  }
}

}  // namespace balse
