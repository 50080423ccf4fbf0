#include "balse/data/column_names.hpp"

#include <algorithm>
#include <cctype>
#include <span>
#include <string>

namespace balse {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kUser[] = {"user"sv, "user_id"sv, "userid"sv, "username"sv};
constexpr std::string_view kItem[] = {
    "item"sv,  "item_id"sv,  "itemid"sv,  "work"sv,     "work_id"sv,  "workid"sv,
    "anime"sv, "anime_id"sv, "animeid"sv, "manga"sv,    "manga_id"sv, "mangaid"sv,
    "movie"sv, "movie_id"sv, "movieid"sv, "title_id"sv, "titleid"sv};
constexpr std::string_view kRating[] = {"rating"sv, "score"sv, "feedback"sv,
                                        "stars"sv,  "value"sv, "choice"sv};
constexpr std::string_view kTag[] = {"tag"sv, "tag_name"sv, "name"sv};
constexpr std::string_view kWeight[] = {"weight"sv, "value"sv, "score"sv, "confidence"sv};
constexpr std::string_view kTitle[] = {"title"sv, "name"sv};
constexpr std::string_view kCategory[] = {"category"sv, "type"sv, "kind"sv};

std::span<const std::string_view> names_of(Column column) {
  switch (column) {
    case Column::user:
      return kUser;
    case Column::item:
      return kItem;
    case Column::rating:
      return kRating;
    case Column::tag:
      return kTag;
    case Column::weight:
      return kWeight;
    case Column::title:
      return kTitle;
    case Column::category:
      return kCategory;
  }
  return {};
}

}  // namespace

std::optional<std::size_t> find_column(const LineSplitter& header, Column column) {
  const std::span<const std::string_view> names = names_of(column);
  for (std::size_t field = 0; field < header.size(); ++field) {
    std::string name(header[field]);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return field;
    }
  }
  return std::nullopt;
}

}  // namespace balse
