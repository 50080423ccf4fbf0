#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/delimited.hpp"
#include "balse/data/tags_reader.hpp"

#include "data/tag_sample.hpp"

namespace balse {

/// How a delimited tag file is written; columns counted from 0.
struct TagLayout {
  TagsFormat format = TagsFormat::triplets;
  bool has_header = false;
  std::size_t item = 0;
  bool item_is_file = false;      ///< of a poster, whose name is the item's
  std::vector<std::size_t> tags;  ///< triplets, pairs: one; lists: those of lists; dense: all
  std::optional<std::size_t> weight;
  std::optional<std::size_t> user;  ///< pairs: who gave the tag
  double unit = 1.0;                ///< what is a weight of 1
  bool counts = false;              ///< an item\'s largest weight is 1 instead
  std::vector<char> separators;     ///< lists: of each of `tags`
  std::string read_as;
  std::string guess;
};

/// Decides by the first rows of a file, of which there is at least one. Throws Error(bad_data)
/// where they tell nothing.
TagLayout tag_layout(const std::vector<TagRow>& rows, const ReadTagsOptions& options,
                     const std::string& delimiter, const std::string& file, std::uint64_t line);

}  // namespace balse
