#include "balse/data/ratings_reader.hpp"

#include <string_view>

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
  std::vector<std::string> files = list_inputs(paths);
  const std::size_t test = files.size();
  if (!options.test_paths.empty()) {
    const std::vector<std::string> tested = list_inputs(options.test_paths);
    files.insert(files.end(), tested.begin(), tested.end());
  }
  for (const std::string& path : files) {
    InputFile file(path);
    collector.begin_file(path);
    summary.files.back().is_test = summary.files.size() > test;
    const std::uint64_t before = summary.rows;
    const std::string_view head = file.head();
    if (looks_like_json(head)) {
      read_json_ratings(file, collector);
    } else if (looks_like_xml(head)) {
      read_xml_ratings(file, collector);
    } else if (options.delimiter.empty() && looks_like_blocks(head)) {
      read_block_ratings(file, collector);
    } else {
      read_delimited_ratings(file, collector);
    }
    summary.files.back().fingerprint = file.fingerprint();
    summary.files.back().rows = summary.rows - before;
  }
  return collector.finish();
}

Ratings read_ratings(const std::string& path, const ReadRatingsOptions& options,
                     ReadRatingsSummary& summary) {
  return read_ratings(std::vector<std::string>{path}, options, summary);
}

}  // namespace balse
