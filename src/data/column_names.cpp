#include "balse/data/column_names.hpp"

#include <algorithm>
#include <cctype>
#include <span>
#include <string>

#include "balse/support/error.hpp"

namespace balse {
namespace {

using namespace std::string_view_literals;

// Without what plain() takes away. Between "|" the names say it equally clearly.
constexpr std::string_view kNext = "|"sv;
constexpr std::string_view kUser[] = {"user"sv,       "userid"sv,  "username"sv,   "reviewerid"sv,
                                      "customerid"sv, "custid"sv,  "customer"sv,   "accountid"sv,
                                      "steamid"sv,    "raterid"sv, "annotatorid"sv};
constexpr std::string_view kItem[] = {
    "item"sv,    "itemid"sv,          "work"sv,    "workid"sv,     "anime"sv,
    "animeid"sv, "manga"sv,           "mangaid"sv, "movie"sv,      "movieid"sv,
    "film"sv,    "filmid"sv,          "titleid"sv, "book"sv,       "bookid"sv,
    "isbn"sv,    "productid"sv,       "product"sv, "parentasin"sv, "businessid"sv,
    "gameid"sv,  "songid"sv,          "trackid"sv, "artistid"sv,   "recipeid"sv,
    "media"sv,   "mediaid"sv,         "malid"sv,   "animeuid"sv,   "mangauid"sv,
    "appid"sv,   "tconst"sv,          "jokeid"sv,  "beerid"sv,     "seriesid"sv,
    "comicid"sv, "goodreadsbookid"sv, kNext,       "asin"sv};
constexpr std::string_view kRating[] = {"userrating"sv, "myrating"sv, "myscore"sv,  "userscore"sv,
                                        "yourrating"sv, kNext,        "rating"sv,   "overall"sv,
                                        "bookrating"sv, "stars"sv,    "feedback"sv, "choice"sv,
                                        kNext,          "score"sv,    "value"sv};
constexpr std::string_view kTime[] = {
    "timestamp"sv,  "time"sv,      "unixreviewtime"sv, "tstamp"sv,     "unixtime"sv,
    "datetime"sv,   kNext,         "date"sv,           "ratedat"sv,    "reviewdate"sv,
    "reviewtime"sv, "createdat"sv, "updatedat"sv,      "lastupdated"sv};
constexpr std::string_view kTag[] = {"tag"sv, "tagname"sv, "genrename"sv, "name"sv,
                                     kNext,   "tagid"sv,   "genreid"sv};
constexpr std::string_view kTagList[] = {
    "tags"sv,   "genres"sv,  "genre"sv,     "themes"sv, "demographics"sv,  "keywords"sv,
    "labels"sv, "taglist"sv, "tagstring"sv, "styles"sv, "explicitgenres"sv};
constexpr std::string_view kFeature[] = {"feature"sv, "featurename"sv, "attribute"sv,
                                         kNext,       "tag"sv,         "name"sv};
constexpr std::string_view kFeatureList[] = {"features"sv, "attributes"sv, "tags"sv};
constexpr std::string_view kCount[] = {"count"sv, "votes"sv, "frequency"sv, "freq"sv, "times"sv};
constexpr std::string_view kRank[] = {"rank"sv, "percent"sv, "percentage"sv};
constexpr std::string_view kFile[] = {"filename"sv, "file"sv,      "image"sv,    "filepath"sv,
                                      "path"sv,     "imagepath"sv, "imagefile"sv};
constexpr std::string_view kWeight[] = {"weight"sv,      "value"sv,     "score"sv, "confidence"sv,
                                        "probability"sv, "relevance"sv, "prob"sv};
constexpr std::string_view kTitle[] = {"title"sv,        "name"sv,           "booktitle"sv,
                                       "primarytitle"sv, "canonicaltitle"sv, "originaltitle"sv,
                                       "movietitle"sv,   "animetitle"sv};
constexpr std::string_view kCategory[] = {"category"sv, "type"sv, "kind"sv};

std::span<const std::string_view> names_of(Column column) {
  switch (column) {
    case Column::user:
      return kUser;
    case Column::item:
      return kItem;
    case Column::rating:
      return kRating;
    case Column::time:
      return kTime;
    case Column::tag:
      return kTag;
    case Column::tag_list:
      return kTagList;
    case Column::feature:
      return kFeature;
    case Column::feature_list:
      return kFeatureList;
    case Column::rank:
      return kRank;
    case Column::count:
      return kCount;
    case Column::file:
      return kFile;
    case Column::weight:
      return kWeight;
    case Column::title:
      return kTitle;
    case Column::category:
      return kCategory;
  }
  return {};
}

// "User-ID" and "user_id:token" are "userid".
std::string plain(std::string_view name) {
  std::string result;
  for (const char c : name.substr(0, name.find(':'))) {
    if (c != ' ' && c != '-' && c != '_') {
      result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return result;
}

}  // namespace

std::optional<std::size_t> column_rank(std::string_view name, Column column) {
  const std::string sought = plain(name);
  std::size_t rank = 0;
  for (const std::string_view known : names_of(column)) {
    if (known == sought) {
      return rank;
    }
    rank += known == kNext ? 1 : 0;
  }
  return std::nullopt;
}

std::vector<std::size_t> find_columns(Header header, Column column) {
  std::vector<std::size_t> fields;
  for (std::size_t field = 0; field < header.size(); ++field) {
    if (column_rank(header[field], column)) {
      fields.push_back(field);
    }
  }
  std::stable_sort(fields.begin(), fields.end(), [&](std::size_t a, std::size_t b) {
    return *column_rank(header[a], column) < *column_rank(header[b], column);
  });
  return fields;
}

std::optional<std::size_t> find_column(Header header, Column column) {
  const std::vector<std::size_t> fields = find_columns(header, column);
  return fields.empty() ? std::nullopt : std::optional(fields.front());
}

bool same_name(std::string_view a, std::string_view b) {
  return plain(a) == plain(b);
}

std::optional<std::size_t> find_name(Header header, std::string_view name) {
  for (std::size_t field = 0; field < header.size(); ++field) {
    if (header[field] == name) {
      return field;
    }
  }
  for (std::size_t field = 0; field < header.size(); ++field) {
    if (same_name(header[field], name)) {
      return field;
    }
  }
  return std::nullopt;
}

std::string first_row_is(Header header) {
  constexpr std::size_t kShown = 20;
  std::string text = "the first row is ";
  for (std::size_t k = 0; k < std::min(header.size(), kShown); ++k) {
    text += (k == 0 ? "" : ", ") + shorten(header[k]);
  }
  return text + (header.size() > kShown ? ", ..." : "");
}

}  // namespace balse
