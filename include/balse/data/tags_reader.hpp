#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/tags.hpp"

namespace balse {

enum class TagsFormat {
  detect,    ///< by the first bytes and rows of a file
  triplets,  ///< item,tag,weight
  pairs,  ///< item,tag: of weight 1, or where a user gave each tag, the share of the item's users
          ///< who gave it
  lists,  ///< an item a row, with lists of tags in one or more columns; of weight 1
  dense,  ///< item, then one column a tag, named by the header
  npz,    ///< scipy.sparse.save_npz: csr, csc or coo; item ids are those of the array "items",
          ///< else the row numbers
};

/// Whose tags a file holds. Messages and the names of columns go by it: features of users are read
/// from rows of user,feature,value or of user,feature, lists, and tables, in text alone.
enum class TagSubject { items, users };

/// Which columns are looked at: a number, counted from 1, a name of the header, or nothing: by the
/// names that people give them.
struct TagColumns {
  std::string item;
  std::string tag;  ///< a tag each, or lists of them
  std::string weight;

  /// "item=anime_id,tag=genre"; throws Error(usage).
  static TagColumns parse(std::string_view text);
};

struct ReadTagsOptions {
  TagSubject subject = TagSubject::items;
  TagsFormat format = TagsFormat::detect;
  TagColumns columns;
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
  std::string read_as;  ///< what was taken for what
  std::string guess;    ///< what of that was a guess; else empty
  std::string fingerprint;
};

/// Reads tag weights from a path, "-", or a folder (npz: a path only): rows between delimiters in
/// any of the formats above, JSON or JSON lines with objects that have an item and its tags, lists
/// beside the posters ("20.txt", as taggers write them), DeepDanbooru's "Tags of 20.jpg:". Tags
/// that differ in underscores for spaces alone are one. Throws Error(bad_data) for a weight outside
/// [0, 1] or not finite, with file, line and text.
Tags read_tags(const std::string& path, const ReadTagsOptions& options, ReadTagsSummary& summary);

}  // namespace balse
