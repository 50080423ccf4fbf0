#include "data/list_scores.hpp"

#include "balse/data/row_text.hpp"

namespace balse {
namespace {

// Nothing where it says neither.
std::string_view word_for(const ListEntry& entry) {
  if (entry.score <= 0.0) {
    if (entry.status.starts_with("Plan to") || entry.status == "PLANNING" ||
        entry.status == "plan_to_watch" || entry.status == "plan_to_read") {
      return "willsee";
    }
    return entry.status == "Dropped" || entry.status == "DROPPED" || entry.status == "dropped"
               ? "wontsee"
               : "";
  }
  return entry.score >= 9.0   ? "favorite"
         : entry.score >= 7.0 ? "like"
         : entry.score >= 5.0 ? "neutral"
                              : "dislike";
}

}  // namespace

void add_list_entry(const ListEntry& entry, std::string_view user, RatingCollector& ratings) {
  ratings.begin_row(entry.line);
  ratings.set_title(entry.item, entry.title);
  const std::string number = exact_text(entry.score);
  RatingRow row = {.user = user, .item = entry.item, .rating = number};
  if (row.item.empty()) {
    ratings.reject_empty(row, entry.title);
    return;
  }
  if (ratings.wants_words()) {
    row.rating = word_for(entry);
  } else if (entry.score <= 0.0) {
    row.rating = "0";
    ratings.add_unrated(row);
    return;
  }
  if (row.rating.empty()) {
    row.rating = "0";
    ratings.add_unrated(row);
    return;
  }
  ratings.add(row);
}

std::string user_of_file(const std::string& path) {
  if (path == "-") {
    return "stdin";
  }
  const std::size_t slash = path.rfind('/');
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  return name.substr(0, name.find('.'));
}

}  // namespace balse
