#pragma once

#include <string>
#include <string_view>

#include "data/rating_collector.hpp"

namespace balse {

/// An entry of the list that a person keeps on MyAnimeList or AniList.
struct ListEntry {
  std::string item;
  std::string title;
  double score = 0.0;  ///< from 1 to 10; 0 is not rated
  std::string status;  ///< as the site writes it: "Plan to Watch", "PLANNING"
  std::uint64_t line = 0;
};

/// Adds the entry as a rating of `user`: its score, or where ratings are to be Mangaki's words
/// the word for it: favorite from 9 on, like from 7 on, neutral from 5 on, else dislike; of what is
/// not rated, willsee where it is planned, wontsee where it was dropped.
void add_list_entry(const ListEntry& entry, std::string_view user, RatingCollector& ratings);

/// "somebody" of "exports/somebody.xml.gz": who keeps a list that does not tell.
std::string user_of_file(const std::string& path);

}  // namespace balse
