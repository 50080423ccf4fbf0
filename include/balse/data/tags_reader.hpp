#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "balse/data/tags.hpp"

namespace balse {

enum class TagsFormat {
  detect,    ///< npz by its first bytes; triplets if the third of three columns is a weight and the
             ///< header (if any) is item,tag,weight; otherwise dense
  triplets,  ///< item,tag,weight
  dense,     ///< item, then one column a tag, named by the header
  npz,       ///< scipy.sparse.save_npz: csr, csc or coo; item ids are the row numbers
};

struct ReadTagsOptions {
  TagsFormat format = TagsFormat::detect;
  std::string delimiter;   ///< empty: detected
  std::string names_file;  ///< npz: tag names in column order, a line each or a JSON list; empty:
                           ///< column numbers
  bool skip_bad_rows = false;
  bool can_skip = false;  ///< whether a message may tell the user to try --skip-bad-rows
};

struct ReadTagsSummary {
  std::uint64_t rows = 0;
  std::uint64_t bad_rows = 0;
  std::uint64_t duplicates = 0;  ///< (item, tag) given more than once; the last weight counts
  std::vector<std::string> first_bad_rows;
  std::string fingerprint;
};

/// Reads tag weights from a path or "-" (npz: a path only). Throws Error(bad_data) for a weight
/// outside [0, 1] or not finite, with file, line and text.
Tags read_tags(const std::string& path, const ReadTagsOptions& options, ReadTagsSummary& summary);

}  // namespace balse
