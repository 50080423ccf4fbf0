#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/tags.hpp"
#include "balse/data/tags_reader.hpp"

namespace balse::cli {

/// What is known of users: nothing without a path, or, which a warning tells, where no user of the
/// file has a feature. What the reader guessed and counted is said on stderr. Throws Error.
std::optional<Tags> read_user_features(const std::string& path, ReadTagsOptions options,
                                       ReadTagsSummary& summary);

/// Rows of a file that were left out, as --skip-bad-rows says; nothing where there are none.
void report_bad_rows(const std::string& path, std::uint64_t bad_rows, std::uint64_t rows,
                     const std::vector<std::string>& messages);

/// Warns where no rated user has a feature.
void warn_of_strangers(const std::string& path, std::size_t users_with_features);

/// Which tags --max-tags N takes, the most used of items that are rated, as an info line says; all
/// with 0.
std::vector<bool> tags_within(std::size_t most, const TagMatrix& tags_of_rated);

/// What the reader of tags, or of user features, found besides them.
void report_tags(const std::string& path, const ReadTagsSummary& summary, TagSubject subject);

}  // namespace balse::cli
