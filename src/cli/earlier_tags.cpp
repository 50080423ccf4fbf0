#include "earlier_tags.hpp"

#include <sys/stat.h>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/data/row_text.hpp"
#include "balse/data/sha256.hpp"
#include "balse/data/tags_reader.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/tagging/tag_rows.hpp"

namespace balse::cli {
namespace {

/// Nanoseconds since 1970, or nothing where there is no such file.
std::optional<std::int64_t> modified_time(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    return std::nullopt;
  }
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec;
}

/// Nothing where the file has no rows.
std::optional<Tags> read_rows(const std::string& path) {
  {
    const MappedFile file(path);
    const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()),
                                file.bytes().size());
    if (text.empty() || text == kTagRowsHeader) {
      return std::nullopt;
    }
  }
  ReadTagsSummary summary;
  try {
    return read_tags(path, {.format = TagsFormat::triplets}, summary);
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.hint = "moving the file away: then all posters are tagged again";
    throw Error(error.kind(), parts);
  }
}

}  // namespace

EarlierTags::EarlierTags(const std::string& path, const std::string& settings) {
  const auto time = modified_time(path);
  if (!time) {
    return;
  }
  time_ = *time;
  tags_ = read_rows(path);
  auto state = read_tagged_state(state_path(path));
  has_state_ = state.has_value();
  if (!state) {
    spdlog::info(
        "{}: nothing tells how it was made, so its rows stay; a poster that is older than "
        "it and has rows is not tagged again",
        path);
    return;
  }
  state_fits_ = state->file == file_fingerprint(path);
  state_ = *std::move(state);
  if (state_.settings != settings) {
    spdlog::info("{}: made with other weights, tags or options, so all posters are tagged again",
                 path);
    for (const auto& [item, poster] : std::exchange(state_.posters, {})) {
      outdated_.insert(item);
    }
  } else if (!state_fits_) {
    spdlog::info("{}: changed by somebody else; rows of posters that are as they were stay", path);
  }
}

bool EarlierTags::is_known(const Poster& poster) const {
  if (poster.content) {
    return false;
  }
  if (has_state_) {
    const auto before = state_.posters.find(poster.item);
    // Without rows: its tags are all below the threshold, or somebody wrote the file anew.
    return before != state_.posters.end() && is_unchanged(before->second, poster) &&
           (has(poster.item) || state_fits_);
  }
  return has(poster.item) && poster.modified <= time_;
}

void EarlierTags::append_rows(std::string& out, std::uint32_t k) const {
  const auto tags = tags_->matrix.tags_of(k);
  const auto weights = tags_->matrix.weights_of(k);
  for (std::size_t n = 0; n < tags.size(); ++n) {
    append_triplet(out, tags_->items[k], tags_->names[tags[n]], weights[n]);
  }
}

}  // namespace balse::cli
