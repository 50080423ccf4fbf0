#pragma once

#include <string>

#include "balse/data/column_names.hpp"
#include "balse/data/tags_reader.hpp"

namespace balse {

/// What messages call whose tags a file holds, and them.
struct TagWords {
  std::string item;
  std::string tag;
  std::string weight;
  std::string one;   ///< with its article
  std::string list;  ///< one, and all of its tags

  std::string triplet() const { return item + ',' + tag + ',' + weight; }
  std::string pair() const { return item + ',' + tag; }
};

TagWords words_of(TagSubject subject);

/// What `column` of a tag file is in a file of `subject`.
Column column_of(TagSubject subject, Column column);

}  // namespace balse
