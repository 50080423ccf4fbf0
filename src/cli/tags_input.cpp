#include "tags_input.hpp"

#include <spdlog/spdlog.h>

#include "balse/evaluation/tag_ablation.hpp"
#include "balse/support/counted.hpp"

namespace balse::cli {

void report_bad_rows(const std::string& path, std::uint64_t bad_rows, std::uint64_t rows,
                     const std::vector<std::string>& messages) {
  if (bad_rows > 0) {
    spdlog::warn("{}: skipped {} of {} that could not be read; the first:", path, bad_rows,
                 counted(rows, "row"));
    for (const std::string& message : messages) {
      spdlog::warn("  {}", message);
    }
  }
}

void report_tags(const std::string& path, const ReadTagsSummary& summary, TagSubject subject) {
  report_bad_rows(path, summary.bad_rows, summary.rows, summary.first_bad_rows);
  if (!summary.guess.empty()) {
    spdlog::info("{}: {}", path, summary.guess);
  }
  if (summary.duplicates > 0) {
    spdlog::warn("{}: {} a {} already has; the last {} counts", path,
                 counted(summary.duplicates, "row gives", "rows give"),
                 subject == TagSubject::users ? "feature that the user" : "tag that the item",
                 subject == TagSubject::users ? "value" : "weight");
  }
}

std::optional<Tags> read_user_features(const std::string& path, ReadTagsOptions options,
                                       ReadTagsSummary& summary) {
  if (path.empty()) {
    return std::nullopt;
  }
  options.subject = TagSubject::users;
  Tags features = read_tags(path, options, summary);
  report_tags(path, summary, TagSubject::users);
  if (features.matrix.tag.empty()) {
    spdlog::warn("{}: none of its users has a feature, so it says nothing", path);
    return std::nullopt;
  }
  return features;
}

std::vector<bool> tags_within(std::size_t most, const TagMatrix& tags_of_rated) {
  const std::size_t all = tags_of_rated.tag_count;
  if (most == 0 || most >= all) {
    return std::vector<bool>(all, true);
  }
  spdlog::info(
      "--max-tags {}: of {}, the {} that most of the rated items have; of those that equally many "
      "have, the earlier in the file",
      most, counted(all, "tag"), most);
  return most_used_tags(tags_of_rated, most);
}

void warn_of_strangers(const std::string& path, std::size_t users_with_features) {
  if (users_with_features == 0) {
    spdlog::warn(
        "{}: none of its users has rated anything, so it says nothing; are the user ids the same?",
        path);
  }
}

}  // namespace balse::cli
