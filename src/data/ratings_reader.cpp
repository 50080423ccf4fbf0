#include "balse/data/ratings_reader.hpp"

#include <string_view>
#include <utility>

#include "balse/data/input_file.hpp"
#include "balse/data/input_list.hpp"
#include "balse/data/sha256.hpp"

#include "data/json_stream.hpp"
#include "data/rating_collector.hpp"
#include "data/ratings_blocks.hpp"
#include "data/ratings_delimited.hpp"
#include "data/ratings_json.hpp"
#include "data/ratings_xml.hpp"

namespace balse {
namespace {

IdIndex without_prefix(const IdIndex& ids, std::string_view prefix) {
  IdIndex plain;
  for (std::uint32_t k = 0; k < ids.size(); ++k) {
    const std::string_view id = ids[k];
    plain.insert(id.starts_with(prefix) ? id.substr(prefix.size()) : id);
  }
  return plain;
}

// Anime and manga have the same numbers, which matters only where both are there.
void name_items(const XmlRatings& xml, Ratings& ratings, ReadRatingsSummary& summary) {
  if (xml.only_manga()) {
    ratings.items = without_prefix(ratings.items, XmlRatings::kMangaPrefix);
    summary.works.items = without_prefix(summary.works.items, XmlRatings::kMangaPrefix);
  } else if (xml.both()) {
    std::string& guess = summary.files.front().guess;
    guess += (guess.empty() ? "" : "; ") +
             std::string(
                 "lists of anime and of manga, whose ids are the same numbers: those of "
                 "manga are called manga:1");
  }
}

}  // namespace

std::string ReadRatingsSummary::fingerprint() const {
  if (files.size() == 1) {
    return files.front().fingerprint;
  }
  Sha256 hash;
  for (const RatingFile& file : files) {
    hash.update(file.fingerprint);
  }
  return hash.hex();
}

Ratings read_ratings(const std::vector<std::string>& paths, const ReadRatingsOptions& options,
                     ReadRatingsSummary& summary) {
  summary = {};
  RatingCollector collector(options, summary);
  XmlRatings xml(collector);
  for (const std::string& path : list_inputs(paths)) {
    InputFile file(path);
    collector.begin_file(path);
    const std::uint64_t before = summary.rows;
    const std::string_view head = file.head();
    if (looks_like_json(head)) {
      read_json_ratings(file, collector);
    } else if (looks_like_xml(head)) {
      xml.read(file);
    } else if (options.delimiter.empty() && looks_like_blocks(head)) {
      read_block_ratings(file, collector);
    } else {
      read_delimited_ratings(file, collector);
    }
    summary.files.back().fingerprint = file.fingerprint();
    summary.files.back().rows = summary.rows - before;
  }
  Ratings ratings = collector.finish();
  name_items(xml, ratings, summary);
  return ratings;
}

Ratings read_ratings(const std::string& path, const ReadRatingsOptions& options,
                     ReadRatingsSummary& summary) {
  return read_ratings(std::vector<std::string>{path}, options, summary);
}

}  // namespace balse
