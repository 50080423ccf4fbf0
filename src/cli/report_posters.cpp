#include "report_posters.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/support/counted.hpp"
#include "balse/tagging/poster_list.hpp"

namespace balse::cli {
namespace {

constexpr std::size_t kPosters = 6;
constexpr std::size_t kTags = 8;
constexpr std::uint64_t kMostBytes = std::uint64_t{400} << 10;

/// By its first bytes; none for what browsers do not show.
std::optional<std::string> mime_type_of(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff")) {
    return "image/jpeg";
  }
  if (bytes.starts_with("\x89PNG\r\n")) {
    return "image/png";
  }
  if (bytes.starts_with("GIF8")) {
    return "image/gif";
  }
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) {
    return "image/webp";
  }
  return std::nullopt;
}

std::vector<PosterWithTags::Tag> heaviest_tags(std::uint32_t item, const EvalInputs& inputs) {
  const auto tags = inputs.tags->tags_of(item);
  const auto weights = inputs.tags->weights_of(item);
  std::vector<PosterWithTags::Tag> all;
  for (std::size_t k = 0; k < tags.size(); ++k) {
    all.push_back({.name = inputs.tag_names[tags[k]], .weight = weights[k]});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.weight > b.weight; });
  all.resize(std::min(all.size(), kTags));
  return all;
}

}  // namespace

std::vector<PosterWithTags> report_posters(const std::string& folder, const EvalInputs& inputs) {
  std::vector<PosterWithTags> shown;
  PosterCollector collector;
  collector.add(folder);
  std::vector<std::pair<std::size_t, Poster>> candidates;  // ratings of the item
  std::vector<std::size_t> ratings(inputs.ratings.items.size());
  for (const std::uint32_t item : inputs.ratings.item) {
    ++ratings[item];
  }
  std::size_t large = 0;
  for (Poster& poster : collector.take().posters) {
    const auto item = inputs.ratings.items.find(poster.item);
    if (!item || !inputs.tags || inputs.tags->count(*item) == 0) {
      continue;
    }
    if (poster.size > kMostBytes) {
      ++large;
      continue;
    }
    candidates.emplace_back(ratings[*item], std::move(poster));
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [count, poster] : candidates) {
    std::ifstream file(poster.path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const std::optional<std::string> type = mime_type_of(bytes);
    if (type && shown.size() < kPosters) {
      shown.push_back({.item = poster.item,
                       .title = {},
                       .mime_type = *type,
                       .bytes = std::move(bytes),
                       .tags = heaviest_tags(*inputs.ratings.items.find(poster.item), inputs)});
    }
  }
  if (shown.empty()) {
    spdlog::warn("{}: no poster for the report is of a rated item with tags{}", folder,
                 large > 0 ? "; " + counted(large, "file is", "files are") + " too large" : "");
  } else if (large > 0) {
    spdlog::info("{}: {} of more than 400 KB left out of the report", folder,
                 counted(large, "poster"));
  }
  return shown;
}

}  // namespace balse::cli
