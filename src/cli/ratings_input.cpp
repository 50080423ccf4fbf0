#include "ratings_input.hpp"

#include <algorithm>
#include <optional>

#include <spdlog/spdlog.h>

#include "balse/data/input_list.hpp"
#include "balse/data/ratings_reader.hpp"
#include "balse/data/row_text.hpp"
#include "balse/model/fit_record.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "reading_options.hpp"

namespace balse::cli {
namespace {

/// Numbers of another scale would give predictions all the same: far from those that the model
/// knows they are an error.
void check_range(const std::string& name, const Ratings& ratings, const RatingMeansView& means) {
  constexpr double kFar = 0.5;  // of the scale's width
  const auto outside = [&](float value) { return value < means.lowest || value > means.highest; };
  const auto count = std::count_if(ratings.value.begin(), ratings.value.end(), outside);
  if (count == 0) {
    return;
  }
  const auto [lowest, highest] = std::minmax_element(ratings.value.begin(), ratings.value.end());
  const double beyond = std::max(means.lowest - double{*lowest}, double{*highest} - means.highest);
  const double far = double{*highest} - means.highest == beyond ? *highest : *lowest;
  if (beyond > kFar * (means.highest - means.lowest)) {
    throw Error(ErrorKind::bad_data,
                {.file = name,
                 .found = "has a rating of " + exact_text(far),
                 .expected = "the scale of the model, whose ratings are from " +
                             exact_text(means.lowest) + " to " + exact_text(means.highest),
                 .hint = "--scale for words, --unrated for a value that means not rated"});
  }
  spdlog::warn("{}: {} outside of the model's {:g} to {:g}", name,
               counted(static_cast<std::uint64_t>(count), "rating lies", "ratings lie"),
               means.lowest, means.highest);
}

}  // namespace

void RatingsInput::declare(CLI::App& app) {
  const std::string group = "Ratings of users";
  CLI::Option* ratings =
      app.add_option("--ratings", paths_,
                     "Ratings of users who are new to the model, or have rated more since it was "
                     "fitted, in any of the forms that balse fit reads: their own parameters are "
                     "solved for, all of items stays")
          ->type_name("FILE")
          ->allow_extra_args(false)
          ->group(group);
  app.add_option("--ratings-columns", columns_,
                 "Where its columns are, by name or number, as in user=2,item=1,rating=3; by the "
                 "names that people give them or 1, 2, 3 if not given")
      ->needs(ratings)
      ->type_name("LIST")
      ->group(group);
  app.add_option("--scale", scale_, "Of these ratings, as in balse fit; the model's if not given")
      ->needs(ratings)
      ->type_name("SCALE")
      ->group(group);
  app.add_option("--unrated", unrated_,
                 "Which of these values mean seen, but not rated, as in balse fit")
      ->needs(ratings)
      ->capture_default_str()
      ->type_name("VALUES")
      ->group(group);
}

std::vector<NamedPath> RatingsInput::paths() const {
  std::vector<NamedPath> paths;
  for (const std::string& path : list_inputs(paths_)) {
    paths.push_back({"--ratings", path});
  }
  return paths;
}

std::vector<std::string> RatingsInput::files() const {
  std::vector<std::string> files = paths_;
  files.erase(std::remove(files.begin(), files.end(), "-"), files.end());
  return files;
}

FoldedUsers RatingsInput::fold_into(ModelFile& file, int threads) const {
  const std::optional<ManifestFacts> facts = read_manifest(file.metadata("manifest"));
  if (!facts) {
    throw Error(ErrorKind::bad_data,
                {.file = file.file().path(),
                 .found = "does not say how it was fitted, so --ratings cannot be taken in",
                 .hint = "balse fit again"});
  }
  ReadRatingsOptions options;
  if (!columns_.empty()) {
    options.columns = RatingColumns::parse(columns_);
  }
  const std::string scale = scale_.empty() ? facts->scale : scale_;
  if (!scale.empty()) {
    options.scale = RatingScale::parse(scale);
  }
  options.unrated = Unrated::parse(unrated_);
  ReadRatingsSummary summary;
  const Ratings ratings = read_and_report(paths_, options, summary);
  const std::string name = name_of_inputs(paths_);
  check_range(name, ratings, file.model().data.means);
  FoldedUsers folded = fold_in(file.model(), ratings, facts->options, threads);
  spdlog::info("{}: took in {} of {} and {}", name, counted(folded.ratings, "rating"),
               counted(folded.new_users, "new user"),
               counted(folded.known_users, "user of the model", "users of the model"));
  if (folded.unknown_ratings > 0) {
    spdlog::warn("{}: left out {} of {} that the model does not have{}", name,
                 counted(folded.unknown_ratings, "rating"), counted(folded.unknown_items, "item"),
                 folded.users_without == 0
                     ? ""
                     : ", all that " + counted(folded.users_without, "user has", "users have"));
  }
  if (folded.replaced_users > 0) {
    spdlog::warn(
        "{}: the model does not keep what ratings were, so that those in {} stand for all "
        "that {} rated; balse fit again keeps them",
        file.file().path(), name,
        counted(folded.replaced_users, "of its users has", "of its users have"));
  }
  return folded;
}

}  // namespace balse::cli
