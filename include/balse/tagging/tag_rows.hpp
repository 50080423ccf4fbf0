#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/tags.hpp"
#include "balse/tagging/tag_list.hpp"
#include "balse/tagging/tag_selection.hpp"

namespace balse {

/// A tag of a poster: its place in the tag list, and how sure the network is, 0 to 1.
struct TagWeight {
  std::uint32_t tag = 0;
  float weight = 0.0F;
};

/// In the order of the tag list.
std::vector<TagWeight> select_tags(std::span<const float> probabilities, const TagList& tags,
                                   const TagSelection& selection);

/// The first line of a csv file of tags.
inline constexpr std::string_view kTagRowsHeader = "item,tag,weight\n";

/// item,tag,weight and a line end; weights have six digits, as many as the network is sure of.
/// `csv_safe`: see FieldStyle.
void append_triplet(std::string& out, std::string_view item, std::string_view tag, float weight,
                    bool csv_safe = false);

/// {"item":"42","general":{"long hair":0.981283}} and a line end; a category without tags is left
/// out.
void append_json_line(std::string& out, std::string_view item, std::span<const TagWeight> weights,
                      const TagList& tags);

/// For people: the item, then a line for each category with its `count` most probable tags, as in
/// the paper's figure 2. Only tags that `selection` takes; the threshold does not count.
void append_top_tags(std::string& out, std::string_view item, std::span<const float> probabilities,
                     const TagList& tags, const TagSelection& selection, std::size_t count);

/// A posters x tags matrix that becomes an archive, see tags_as_npz().
class TagMatrixNpz {
 public:
  TagMatrixNpz(const TagList& tags, const TagSelection& selection);

  void add(std::string_view item, std::span<const TagWeight> weights);
  std::string bytes() const;

 private:
  std::vector<std::string> names_;
  std::vector<std::int32_t> column_of_;  // by tag; -1 where it is not taken
  std::vector<std::string> items_;
  TagMatrix matrix_;
};

}  // namespace balse
