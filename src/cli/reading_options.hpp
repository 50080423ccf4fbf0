#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/input_record.hpp"
#include "balse/data/ratings_reader.hpp"
#include "balse/data/tags_reader.hpp"

#include "choices.hpp"
#include "path_conflicts.hpp"

namespace balse::cli {

/// Reads ratings, and says on stderr what was guessed, left out or looks odd.
Ratings read_and_report(const std::vector<std::string>& paths, const ReadRatingsOptions& options,
                        ReadRatingsSummary& summary);
/// All of the files, for messages.
std::string name_of_inputs(const std::vector<std::string>& paths);

/// The options of every command that reads ratings and tags, and the reading itself: what the
/// readers counted is said on stderr.
class ReadingOptions {
 public:
  /// What a command reads: ratings and perhaps tags, or one input that may be either.
  enum class Inputs { ratings_and_tags, one };

  explicit ReadingOptions(Inputs inputs = Inputs::ratings_and_tags) : inputs_(inputs) {}

  void declare(CLI::App& app);
  /// Of commands that look at when ratings were given.
  CLI::Option* declare_times(CLI::App& app);
  /// Of commands that do so only sometimes, which is said here after the options are read.
  void keep_times(bool keep) { times_ = keep; }
  /// Of commands that may test by ratings of another file.
  CLI::Option* declare_test(CLI::App& app);
  /// Of commands that learn from what is known of users.
  void declare_user_features(CLI::App& app);
  /// Of commands that learn from what is known of items besides tags.
  void declare_features(CLI::App& app);

  /// Of commands that fit models, after declare().
  void declare_max_tags(CLI::App& app);

  /// All files of ratings, for messages.
  std::string ratings_name() const;
  /// All that is read, and must not be overwritten.
  std::vector<NamedPath> paths() const;
  const std::string& tags_path() const { return tags_path_; }
  const std::string& user_features_path() const { return user_features_path_; }
  const std::string& features_path() const { return features_path_; }
  std::size_t max_tags() const { return max_tags_; }           ///< 0: all
  const std::string& test_path() const { return test_path_; }  ///< empty: none

  Ratings read_ratings(ReadRatingsSummary& summary) const;
  /// What went into a result, for its manifest.
  static std::vector<InputRecord> rating_records(const ReadRatingsSummary& summary);
  /// Nothing where no tags were asked for.
  std::optional<Tags> read_tags(ReadTagsSummary& summary) const;
  /// Nothing where none were asked for.
  std::optional<Tags> read_user_features(ReadTagsSummary& summary) const;
  /// Of the one input.
  Tags read_input_as_tags(ReadTagsSummary& summary) const;
  const std::string& input_path() const { return rating_paths_.front(); }
  /// Whether options are given that only ratings, or only tags have.
  bool means_ratings() const { return !columns_.empty() || !scale_.empty() || !timestamp_.empty(); }
  bool means_tags() const { return !tag_columns_.empty() || !tag_names_.empty(); }

 private:
  void declare_inputs(CLI::App& app);
  Tags read_tags_from(const std::string& path, ReadTagsSummary& summary) const;

  Inputs inputs_;
  std::vector<std::string> rating_paths_;
  std::string tags_path_;
  std::string user_features_path_;
  std::string features_path_;
  std::string test_path_;
  std::string delimiter_;
  std::string columns_;
  std::string scale_;
  std::string unrated_ = "auto";
  std::string tag_names_;
  std::string tag_columns_;
  std::string timestamp_;
  std::size_t max_tags_ = 0;
  bool times_ = false;
  bool skip_bad_rows_ = false;
  Choice<Duplicates> duplicates_{{"last", Duplicates::last},
                                 {"first", Duplicates::first},
                                 {"mean", Duplicates::mean},
                                 {"error", Duplicates::error}};
  Choice<TagsFormat> tags_format_{
      {"detect", TagsFormat::detect}, {"triplets", TagsFormat::triplets},
      {"pairs", TagsFormat::pairs},   {"lists", TagsFormat::lists},
      {"dense", TagsFormat::dense},   {"npz", TagsFormat::npz}};
};

}  // namespace balse::cli
