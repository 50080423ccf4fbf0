#include "data/ratings_blocks.hpp"

#include <string>

#include "balse/data/delimited.hpp"
#include "balse/support/error.hpp"

namespace balse {
namespace {

bool is_block_name(std::string_view line) {
  return line.size() > 1 && line.back() == ':' &&
         line.find_first_not_of("0123456789") == line.size() - 1;
}

}  // namespace

bool looks_like_blocks(std::string_view head) {
  return is_block_name(head.substr(0, head.find_first_of("\r\n")));
}

void read_block_ratings(InputFile& file, RatingCollector& ratings) {
  ratings.summary().files.back().read_as =
      "Netflix' blocks: a line ITEM:, then rows of user,rating,date";
  LineSplitter row(",");
  std::string item;
  std::string_view line;
  while (file.next_line(line)) {
    if (is_blank(line)) {
      continue;
    }
    if (is_block_name(line)) {
      item = line.substr(0, line.size() - 1);
      continue;
    }
    ratings.begin_row(file.line_number());
    if (!row.split(line) || row.size() < 2 || row.size() > 3 || row[0].empty()) {
      ratings.reject("found " + shorten(line) + " in the block of item " + shorten(item),
                     "user,rating or user,rating,date", {});
      continue;
    }
    ratings.add({.user = row[0],
                 .item = item,
                 .rating = row[1],
                 .time = row.size() > 2 ? row[2] : std::string_view()});
  }
}

}  // namespace balse
