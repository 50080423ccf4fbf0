#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "balse/data/data_set_facts.hpp"
#include "balse/data/ratings_reader.hpp"
#include "balse/data/tags_reader.hpp"
#include "balse/data/works_reader.hpp"

namespace balse::cli {

/// All that balse describe found.
struct DataSetReport {
  ReadRatingsSummary ratings_read;
  RatingFacts ratings;
  std::optional<ReadTagsSummary> tags_read;
  TagFacts tags;
  std::optional<ReadWorksSummary> works_read;
  WorkFacts works;
  std::vector<std::string> suspicions;
  std::vector<std::string> read_as;  ///< a file and what was taken for what, each
};

enum class DescribeFormat { text, markdown, json };

std::string render(const DataSetReport& report, DescribeFormat format);

}  // namespace balse::cli
