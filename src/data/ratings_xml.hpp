#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "balse/data/input_file.hpp"

#include "data/list_scores.hpp"
#include "data/rating_collector.hpp"

namespace balse {

/// Whether a file begins as XML does.
bool looks_like_xml(std::string_view head);

/// Reads MyAnimeList's exports, a user each. Anime and manga have the same numbers there: where
/// both are among the files, "manga:" is put before those of manga, at the end.
class XmlRatings {
 public:
  explicit XmlRatings(RatingCollector& ratings) : ratings_(ratings) {}

  /// Throws Error(bad_data) where it is no such export.
  void read(InputFile& file);

  /// Whether items have to be renamed, and said so.
  static constexpr std::string_view kMangaPrefix = "manga:";
  bool only_manga() const { return manga_ && !anime_; }
  bool both() const { return manga_ && anime_; }

 private:
  RatingCollector& ratings_;
  bool anime_ = false;
  bool manga_ = false;
};

}  // namespace balse
