#include "reading_options.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "balse/data/input_list.hpp"
#include "balse/support/counted.hpp"

#include "tags_input.hpp"

namespace balse::cli {
namespace {

// Once for all files that are read alike.
void report_guesses(const ReadRatingsSummary& summary) {
  struct Guess {
    const RatingFile* first;
    std::size_t more = 0;  // files
  };
  std::vector<Guess> guesses;
  for (const RatingFile& file : summary.files) {
    const auto known = std::find_if(guesses.begin(), guesses.end(), [&](const Guess& guess) {
      return guess.first->guess == file.guess;
    });
    if (known != guesses.end()) {
      ++known->more;
    } else if (!file.guess.empty()) {
      guesses.push_back({.first = &file});
    }
  }
  for (const Guess& guess : guesses) {
    spdlog::info("{}{}: {}", guess.first->path,
                 guess.more > 0 ? " and " + counted(guess.more, "more file") : std::string(),
                 guess.first->guess);
  }
}

void report_unrated(const std::string& path, const UnratedSummary& unrated) {
  std::string values;
  for (const std::string& value : unrated.values) {
    values += (values.empty() ? "" : " or ") + value;
  }
  if (unrated.rows > 0 && unrated.guessed) {
    spdlog::warn("{}: {} {}, which is taken for not rated: left out (--unrated none keeps them)",
                 path, counted(unrated.rows, "row has", "rows have"), values);
  } else if (unrated.rows > 0) {
    spdlog::info("{}: {} {}: not rated, left out", path,
                 counted(unrated.rows, "row has", "rows have"), values);
  }
  if (unrated.zero_is_rating) {
    spdlog::info("{}: 0 is taken for a rating (--unrated 0 leaves it out)", path);
  }
}

}  // namespace

Ratings read_and_report(const std::vector<std::string>& paths, const ReadRatingsOptions& options,
                        ReadRatingsSummary& summary) {
  Ratings ratings = read_ratings(paths, options, summary);
  std::vector<std::string> all = paths;
  all.insert(all.end(), options.test_paths.begin(), options.test_paths.end());
  const std::string name = name_of_inputs(all);
  report_bad_rows(name, summary.bad_rows, summary.rows, summary.first_bad_rows);
  report_guesses(summary);
  report_unrated(name, summary.unrated);
  if (summary.lone_value) {
    spdlog::warn(
        "{}: {:g} is far from all other ratings, which are from {:g} to {:g}; if it means not "
        "rated, --unrated={:g} leaves it out",
        name, *summary.lone_value, summary.lone_low, summary.lone_high, *summary.lone_value);
  }
  for (const Outlier& outlier : summary.outliers) {
    spdlog::warn(
        "{}:{}: {:g} is far from the other ratings, of which nine in ten are from {:g} to "
        "{:g}",
        outlier.file, outlier.line, outlier.value, outlier.rest_low, outlier.rest_high);
  }
  if (summary.duplicates > 0) {
    spdlog::warn("{}: {} an item that the same user rated in another row; {} counts (--duplicates)",
                 name, counted(summary.duplicates, "row rates", "rows rate"),
                 options.duplicates == Duplicates::mean    ? "their mean"
                 : options.duplicates == Duplicates::first ? "the first"
                                                           : "the last");
  }
  return ratings;
}

std::string name_of_inputs(const std::vector<std::string>& paths) {
  std::string name = paths.empty() ? "" : paths.front();
  if (paths.size() > 1) {
    name += " and " + counted(paths.size() - 1, "more file", "more files");
  }
  return name;
}

void ReadingOptions::declare_inputs(CLI::App& app) {
  app.add_option(
         "ratings", rating_paths_,
         "Ratings: user, item, rating a row between commas, tabs, ::, spaces; JSON or JSON "
         "lines; exports of MyAnimeList and AniList; plain, gzip, zstd or xz. Several files, "
         "or a folder, are one data set; - is standard input")
      ->required()
      ->type_name("FILE");
  app.add_option(
         "--tags", tags_path_,
         "Tags of the items: item,tag,weight, item,tag or item,user,tag rows; lists of tags "
         "in a column; a table with a column a tag; JSON; what taggers write, also a folder "
         "of it; scipy's .npz")
      ->type_name("FILE")
      ->group("Reading");
}

void ReadingOptions::declare(CLI::App& app) {
  const std::string group = "Reading";
  if (inputs_ == Inputs::one) {
    app.add_option_function<std::string>(
           "input", [this](const std::string& path) { rating_paths_ = {path}; },
           "Ratings, tags or titles in any of the forms that balse reads; a file, a folder, or - "
           "for "
           "standard input")
        ->required()
        ->type_name("IN");
  } else {
    declare_inputs(app);
  }
  add_delimiter(app, delimiter_)->group(group);
  app.add_option("--columns", columns_,
                 "Where the columns are, by name or number, as in rating=my_score or "
                 "user=2,item=1,rating=3; by the names that people give them or 1, 2, 3 if not "
                 "given")
      ->type_name("LIST")
      ->group(group);
  app.add_option("--scale", scale_,
                 "numeric, mangaki (favorite 4, like 2, neutral 0.1, dislike -2, willsee 0.5, "
                 "wontsee -0.5) or your "
                 "own, as in like=1,dislike=-1; told by the first rating if not given")
      ->type_name("SCALE")
      ->group(group);
  app.add_option("--unrated", unrated_,
                 "Values that mean seen, but not rated: a list, as in -1,0; none; missing, for "
                 "fields without any; or auto: -1 below "
                 "a scale that starts at 0 or 1, and 0 below one of 1 to 5 or more, with a gap "
                 "between")
      ->capture_default_str()
      ->type_name("VALUES")
      ->group(group);
  duplicates_
      .declare(app, "--duplicates", "Which counts where a user rated an item more than once")
      ->default_str("last")
      ->group(group);
  tags_format_.declare(app, "--tags-format", "Of the tags file")
      ->default_str("detect")
      ->group(group);
  app.add_option("--tag-columns", tag_columns_,
                 "Where a tag file's columns are, by name or number, as in item=anime_id,tag=genre")
      ->type_name("LIST")
      ->group(group);
  app.add_option("--tag-names", tag_names_,
                 "Names of an .npz file's columns: a line each, or a JSON list")
      ->type_name("FILE")
      ->group(group);
  app.add_flag("--skip-bad-rows", skip_bad_rows_,
               "Leave out rows that cannot be read instead of stopping")
      ->group(group);
}

void ReadingOptions::declare_user_features(CLI::App& app) {
  app.add_option(
         "--user-features", user_features_path_,
         "What is known of the users: user,feature,value rows (values from 0 to 1), user,feature "
         "rows, lists in a column, or a table with a column a feature; BALSE+ learns from it what "
         "users without ratings like")
      ->type_name("FILE")
      ->group("Reading");
}

void ReadingOptions::declare_features(CLI::App& app) {
  app.add_option("--features", features_path_,
                 "What is known of items besides tags, as embeddings of posters: NumPy's .npz with "
                 "items, their ids, and embedding, items x numbers; BALSE+ learns from its "
                 "principal components what drawing style users like")
      ->type_name("FILE")
      ->group("Reading");
}

void ReadingOptions::declare_max_tags(CLI::App& app) {
  app.add_option("--max-tags", max_tags_,
                 "Take the N tags that most of the rated items have, and leave out the others; 0 "
                 "takes all")
      ->capture_default_str()
      ->check(whole_number())
      ->needs(app.get_option("--tags"))
      ->type_name("N")
      ->group("Reading");
}

CLI::Option* ReadingOptions::declare_times(CLI::App& app) {
  times_ = true;
  return app
      .add_option("--timestamp", timestamp_,
                  "The column that says when a rating was given, by name or number; by the names "
                  "that people give it if not given")
      ->type_name("COLUMN")
      ->group("Reading");
}

CLI::Option* ReadingOptions::declare_test(CLI::App& app) {
  return app
      .add_option(
          "--test", test_path_,
          "Test by the ratings of this file, read as RATINGS are, of which 30% validate and "
          "the rest is trained on; a file, a folder, or - for standard input")
      ->type_name("FILE");
}

Ratings ReadingOptions::read_ratings(ReadRatingsSummary& summary) const {
  ReadRatingsOptions options;
  options.delimiter = delimiter_;
  if (!columns_.empty()) {
    options.columns = RatingColumns::parse(columns_);
  }
  if (!scale_.empty()) {
    options.scale = RatingScale::parse(scale_);
  }
  options.unrated = Unrated::parse(unrated_);
  options.duplicates = duplicates_.value();
  options.times = times_;
  options.columns.time = timestamp_.empty() ? options.columns.time : timestamp_;
  options.skip_bad_rows = skip_bad_rows_;
  if (!test_path_.empty()) {
    options.test_paths = {test_path_};
  }
  return read_and_report(rating_paths_, options, summary);
}

std::string ReadingOptions::ratings_name() const {
  return name_of_inputs(rating_paths_);
}

std::vector<NamedPath> ReadingOptions::paths() const {
  std::vector<NamedPath> paths;
  for (const std::string& path : list_inputs(rating_paths_)) {
    paths.push_back({"RATINGS", path});
  }
  for (const std::string& path : list_inputs({test_path_})) {
    paths.push_back({"--test", path});
  }
  paths.push_back({"--tags", tags_path_});
  paths.push_back({"--user-features", user_features_path_});
  paths.push_back({"--features", features_path_});
  paths.push_back({"--tag-names", tag_names_});
  return paths;
}

std::vector<InputRecord> ReadingOptions::rating_records(const ReadRatingsSummary& summary) {
  constexpr std::size_t kNamed = 20;
  std::vector<InputRecord> records;
  for (const bool is_test : {false, true}) {
    const std::string role = is_test ? "test" : "ratings";
    ReadRatingsSummary group;
    std::copy_if(summary.files.begin(), summary.files.end(), std::back_inserter(group.files),
                 [&](const RatingFile& file) { return file.is_test == is_test; });
    if (group.files.size() > kNamed) {
      records.push_back(
          {role, group.files.front().path + " and " + counted(group.files.size() - 1, "more file"),
           group.fingerprint()});
      continue;
    }
    for (const RatingFile& file : group.files) {
      records.push_back({role, file.path, file.fingerprint});
    }
  }
  records.front().unrated = summary.unrated.rows;
  return records;
}

std::optional<Tags> ReadingOptions::read_tags(ReadTagsSummary& summary) const {
  if (tags_path_.empty()) {
    return std::nullopt;
  }
  return read_tags_from(tags_path_, summary);
}

std::optional<Tags> ReadingOptions::read_user_features(ReadTagsSummary& summary) const {
  return cli::read_user_features(user_features_path_,
                                 {.skip_bad_rows = skip_bad_rows_, .can_skip = true}, summary);
}

Tags ReadingOptions::read_input_as_tags(ReadTagsSummary& summary) const {
  return read_tags_from(rating_paths_.front(), summary);
}

Tags ReadingOptions::read_tags_from(const std::string& path, ReadTagsSummary& summary) const {
  ReadTagsOptions options;
  options.format = tags_format_.value();
  options.names_file = tag_names_;
  if (!tag_columns_.empty()) {
    options.columns = TagColumns::parse(tag_columns_);
  }
  options.can_skip = true;
  options.skip_bad_rows = skip_bad_rows_;
  Tags tags = balse::read_tags(path, options, summary);
  report_tags(path, summary, TagSubject::items);
  return tags;
}

}  // namespace balse::cli
