#include "data/json_ratings.hpp"

#include <algorithm>
#include <array>

#include "balse/data/column_names.hpp"
#include "balse/support/error.hpp"

#include "data/number.hpp"

namespace balse {
namespace {

constexpr std::size_t kDeepest = 200;
constexpr std::size_t kMostWaiting = 1'000'000;  // rows whose user is not known yet
constexpr std::size_t kMostKeys = 10'000;        // remembered

}  // namespace

JsonMember JsonRatings::member_of(const std::string& name) const {
  const RatingColumns& chosen = ratings_.options().columns;
  const auto is = [&](const std::string& column, Column kind) {
    return column.empty() ? column_rank(name, kind).has_value() : same_name(name, column);
  };
  JsonMember member;
  member.user = is(chosen.user, Column::user);
  member.item = is(chosen.item, Column::item);
  member.time = is(chosen.time, Column::time);
  member.title = column_rank(name, Column::title).has_value();
  if (chosen.rating.empty()) {
    member.rating = column_rank(name, Column::rating);
  } else if (same_name(name, chosen.rating)) {
    member.rating = 0;
  }
  return member;
}

const JsonMember& JsonRatings::known(const std::string& name) {
  if (members_.size() >= kMostKeys) {
    members_.clear();
  }
  const auto [place, is_new] = members_.try_emplace(name);
  if (is_new) {
    place->second = member_of(name);
  }
  return place->second;
}

bool JsonRatings::key(string_t& name) {
  levels_.back().member = known(name);
  levels_.back().last = std::move(name);
  return true;
}

bool JsonRatings::open(bool is_object) {
  if (levels_.size() >= kDeepest) {
    problem_ = "nested more than " + std::to_string(kDeepest) + " deep";
    return false;
  }
  JsonLevel level;
  level.is_object = is_object;
  level.line = line();
  level.waiting = waiting_.size();
  if (!levels_.empty() && levels_.back().is_object) {
    level.key = levels_.back().last;
  }
  levels_.push_back(std::move(level));
  return true;
}

bool JsonRatings::scalar(const std::string& text) {
  if (levels_.empty() || !levels_.back().is_object) {
    return true;
  }
  JsonLevel& level = levels_.back();
  const JsonMember& member = level.member;
  if (member.rating) {
    take_rating(level, text);
  }
  const bool empty = text == "null" || text.empty();
  if (member.user && !empty) {
    level.user = text;
  }
  if (member.item && !empty) {
    level.item = text;
  }
  if (member.time) {
    level.time = text;
  }
  if (member.title && !empty) {
    level.title = text;
  }
  if (level.last == "id" || level.last == "mal_id") {
    level.id = text;
  } else if (level.last == "name" || (level.last == "username" && !empty)) {
    level.name = text;
  } else if (level.last == "type" && (text == "ANIME" || text == "MANGA")) {
    level.kind = text;
  } else if (level.last == "status") {
    level.status = text;
  } else if (level.last == "scoreFormat" || level.last == "score_format") {
    level.score_format = text;
  } else if ((level.last == "romaji" || level.last == "english") && level.title.empty() && !empty) {
    level.title = text;
  }
  return true;
}

// The user's own where there are several.
void JsonRatings::take_rating(JsonLevel& level, const std::string& text) {
  const std::size_t rank = *level.member.rating;
  if (!level.rating || rank < level.rating_rank) {
    if (level.rating) {
      level.other_rating_key.clear();
    }
    level.rating = text;
    level.rating_rank = rank;
    level.rating_key = level.last;
  } else if (rank == level.rating_rank && level.last != level.rating_key) {
    level.other_rating_key = level.last;
  }
}

bool JsonRatings::end_array() {
  JsonLevel closed = std::move(levels_.back());
  levels_.pop_back();
  if (!levels_.empty()) {
    JsonLevel& parent = levels_.back();
    // What a list of lists says of its owner stands beside it.
    parent.waiting = std::min(parent.waiting, closed.waiting);
  }
  return true;
}

bool JsonRatings::end_object() {
  JsonLevel closed = std::move(levels_.back());
  levels_.pop_back();
  const bool is_row = closed.item && closed.rating;
  if (is_row) {
    add_row(closed);
    if (!problem_.empty()) {
      return false;
    }
  } else if (waiting_.size() > closed.waiting && closed.user) {
    add_waiting(closed.waiting, *closed.user, closed.score_format);
  }
  if (!levels_.empty() && levels_.back().is_object) {
    close_into(levels_.back(), std::move(closed));
  }
  return true;
}

// What an object inside another says of it: {"user": {"id": 5}}, {"media": {"title": ...}}.
void JsonRatings::close_into(JsonLevel& parent, JsonLevel&& child) {
  const JsonMember& member = known(child.key);
  if (parent.score_format.empty()) {
    parent.score_format = std::move(child.score_format);
  }
  if (member.user && !parent.user) {
    // Who keeps a list is known by name; in rows of many names may not be different.
    const bool keeps_list = parent.key.ends_with("Collection") || !parent.score_format.empty();
    const std::string& first = keeps_list ? child.name : child.id;
    const std::string& second = keeps_list ? child.id : child.name;
    if (!first.empty() || !second.empty()) {
      parent.user = first.empty() ? second : first;
    }
  }
  const bool is_item = (member.item || child.key == "media" || child.key == "node") && !member.user;
  if (is_item) {
    if (!parent.item && (child.item || !child.id.empty())) {
      parent.item = child.item ? *child.item : child.id;
    }
    if (!child.title.empty()) {
      parent.title = std::move(child.title);
    }
    if (!child.kind.empty()) {
      parent.kind = std::move(child.kind);
    }
  }
  if (child.key == "list_status" && child.rating) {
    parent.rating = std::move(child.rating);
    parent.status = std::move(child.status);
    parent.rating_key = std::move(child.rating_key);
  }
  if (!is_item && member.title && !child.title.empty() && parent.title.empty()) {
    parent.title = std::move(child.title);
  }
}

// By what the work says, or what is around its list.
bool JsonRatings::is_manga(const JsonLevel& level) const {
  if (!level.kind.empty()) {
    return level.kind == "MANGA";
  }
  return std::any_of(levels_.begin(), levels_.end(), [](const JsonLevel& around) {
    return same_name(around.key, "manga") || same_name(around.key, "mangalist");
  });
}

void JsonRatings::add_row(JsonLevel& level) {
  found_ = true;
  if (!level.other_rating_key.empty()) {
    throw Error(ErrorKind::bad_data,
                {.file = path_,
                 .line = level.line,
                 .found = "two members may be the rating: " + shorten(level.rating_key) + " and " +
                          shorten(level.other_rating_key),
                 .hint = "--columns rating=" + level.rating_key});
  }
  say_ratings(level);
  const bool is_list = !level.status.empty() || !level.score_format.empty();
  if (is_list || !level.kind.empty()) {
    level.item = ratings_.list_item(*level.item, is_manga(level));
  }
  if (!level.user || !level.score_format.empty()) {
    if (waiting_.size() >= kMostWaiting) {
      problem_ = "more than a million rows without a user";
      return;
    }
    waiting_.push_back({.entry = {.item = std::move(*level.item),
                                  .title = std::move(level.title),
                                  .status = std::move(level.status),
                                  .line = level.line},
                        .rating = std::move(*level.rating),
                        .time = std::move(level.time)});
    if (level.user) {
      add_waiting(waiting_.size() - 1, *level.user, level.score_format);
    }
    return;
  }
  ratings_.begin_row(level.line);
  ratings_.set_title(*level.item, level.title);
  const RatingRow row = {
      .user = *level.user, .item = *level.item, .rating = *level.rating, .time = level.time};
  if (row.rating == "null" || row.rating.empty()) {
    ratings_.add_unrated({.user = row.user, .item = row.item, .rating = "null", .time = row.time});
  } else {
    ratings_.add(row);
  }
}

void JsonRatings::say_ratings(const JsonLevel& level) {
  if (!said_) {
    said_ = true;
    ratings_.summary().files.back().read_as =
        std::string(bytes_ == nullptr ? "JSON lines" : "JSON") + ": rating = member " +
        shorten(level.rating_key);
  }
}

// Of one user, whose scores may be on one of AniList's scales.
void JsonRatings::add_waiting(std::size_t from, const std::string& user,
                              const std::string& score_format) {
  struct Format {
    std::string_view name;
    double highest;
  };
  constexpr std::array kFormats = {Format{"POINT_100", 100.0}, Format{"POINT_10_DECIMAL", 10.0},
                                   Format{"POINT_10", 10.0}, Format{"POINT_5", 5.0},
                                   Format{"POINT_3", 3.0}};
  const auto begin = waiting_.begin() + static_cast<std::ptrdiff_t>(from);
  const bool is_list =
      !score_format.empty() ||
      std::any_of(begin, waiting_.end(), [](const auto& row) { return !row.entry.status.empty(); });
  const auto* format = std::find_if(kFormats.begin(), kFormats.end(),
                                    [&](const Format& one) { return one.name == score_format; });
  double highest = format != kFormats.end() ? format->highest : 0.0;
  if (format == kFormats.end() && is_list) {
    for (auto row = begin; row != waiting_.end(); ++row) {
      highest = std::max(highest, parse_number(row->rating).value_or(0.0));
    }
    highest = highest > 10.0 ? 100.0 : 10.0;
    if (!said_format_) {
      said_format_ = true;
      ratings_.add_guess(
          (score_format.empty() ? "no scoreFormat" : "scoreFormat " + shorten(score_format)) +
          std::string(", so scores are taken for 0 to ") + (highest > 10.0 ? "100" : "10"));
    }
  }
  ratings_.summary().files.back().read_as =
      std::string(is_list ? "list of user " : "JSON, all of user ") + shorten(user) +
      (score_format.empty() ? "" : ", scores " + score_format + " made 0 to 10");
  for (auto row = begin; row != waiting_.end(); ++row) {
    const std::optional<double> score = parse_number(row->rating == "null" ? "0" : row->rating);
    if (is_list && score) {
      row->entry.score = *score / highest * 10.0;
      if (*score > highest) {
        ratings_.begin_row(row->entry.line);
        ratings_.reject("a score of " + row->rating + " where scoreFormat is " + score_format, {},
                        {});
      } else {
        add_list_entry(row->entry, user, ratings_);
      }
      continue;
    }
    ratings_.begin_row(row->entry.line);
    ratings_.set_title(row->entry.item, row->entry.title);
    ratings_.add({.user = user, .item = row->entry.item, .rating = row->rating, .time = row->time});
  }
  waiting_.erase(begin, waiting_.end());
}

// Rows whose user nothing told are of whom the file is named after.
void JsonRatings::end_value() {
  if (!waiting_.empty()) {
    const bool is_list = std::any_of(waiting_.begin(), waiting_.end(),
                                     [](const Waiting& row) { return !row.entry.status.empty(); });
    if (!is_list) {
      throw Error(ErrorKind::bad_data,
                  {.file = path_,
                   .line = waiting_.front().entry.line,
                   .found = "an item and its rating, but no user",
                   .expected = R"(a member that names the user, as "user" or "user_id")",
                   .hint = "--columns user=NAME,item=NAME,rating=NAME"});
    }
    const std::string user = user_of_file(path_);
    ratings_.add_guess("nothing names the user, so it is " + shorten(user) +
                       " after the file's name");
    add_waiting(0, user, {});
  }
}

bool JsonRatings::parse_error(std::size_t /*position*/, const std::string& /*token*/,
                              const nlohmann::detail::exception& error) {
  std::string text = error.what();
  // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
  const std::size_t colon = text.find(": ");
  problem_ = colon == std::string::npos ? text : text.substr(colon + 2);
  return false;
}

}  // namespace balse
