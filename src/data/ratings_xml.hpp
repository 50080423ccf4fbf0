#pragma once

#include <algorithm>
#include <cstdint>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/input_file.hpp"

#include "data/list_scores.hpp"
#include "data/rating_collector.hpp"

namespace balse {

/// Whether a file begins as XML does.
bool looks_like_xml(std::string_view head);

/// Lines of places that come one after another.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}

  std::uint64_t at(std::size_t offset) {
    for (; place_ < std::min(offset, text_.size()); ++place_) {
      line_ += text_[place_] == '\n' ? 1 : 0;
    }
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t place_ = 0;
  std::uint64_t line_ = 1;
};

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
  void read_list(const pugi::xml_node& root, LineCounter& lines);

  RatingCollector& ratings_;
  bool anime_ = false;
  bool manga_ = false;
};

}  // namespace balse
