#pragma once

#include <optional>
#include <string>

#include "balse/data/ratings_reader.hpp"
#include "balse/data/tags_reader.hpp"

#include "choices.hpp"

namespace balse::cli {

/// The options of every command that reads ratings and tags, and the reading itself: what the
/// readers counted is said on stderr.
class ReadingOptions {
 public:
  void declare(CLI::App& app);

  const std::string& ratings_path() const { return ratings_path_; }
  const std::string& tags_path() const { return tags_path_; }
  const std::string& tag_names_path() const { return tag_names_; }

  Ratings read_ratings(ReadRatingsSummary& summary) const;
  /// Nothing where no tags were asked for.
  std::optional<Tags> read_tags(ReadTagsSummary& summary) const;

 private:
  std::string ratings_path_;
  std::string tags_path_;
  std::string delimiter_;
  std::string columns_;
  std::string scale_;
  std::string unrated_ = "auto";
  std::string tag_names_;
  bool skip_bad_rows_ = false;
  Choice<Duplicates> duplicates_{{"last", Duplicates::last},
                                 {"first", Duplicates::first},
                                 {"mean", Duplicates::mean},
                                 {"error", Duplicates::error}};
  Choice<TagsFormat> tags_format_{{"detect", TagsFormat::detect},
                                  {"triplets", TagsFormat::triplets},
                                  {"dense", TagsFormat::dense},
                                  {"npz", TagsFormat::npz}};
};

}  // namespace balse::cli
