#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// What the columns of the files people have are called.
enum class Column {
  user,
  item,
  rating,
  time,
  tag,
  tag_list,      ///< several tags in a field
  feature,       ///< of a user
  feature_list,  ///< several of them in a field
  weight,
  rank,   ///< a weight from 0 to 100
  count,  ///< of people who gave a tag
  file,   ///< of a poster, whose name is that of the item
  title,
  category,
};

/// The fields of a header line, as a LineSplitter has them.
using Header = std::span<const std::string_view>;

/// The 0-based field of a header line that names `column`. Upper and lower case, spaces, - and _
/// make no difference, and what follows a colon, as in RecBole's "user_id:token", is passed over.
std::optional<std::size_t> find_column(Header header, Column column);
/// All of them; those whose names say it more clearly come first.
std::vector<std::size_t> find_columns(Header header, Column column);
/// How clearly a name says that it is this column, from 0 on; nothing if it does not.
std::optional<std::size_t> column_rank(std::string_view name, Column column);
/// Whether two names are the same but for what makes no difference.
bool same_name(std::string_view a, std::string_view b);
/// The field that is called `name`, as it is, or else but for what makes no difference.
std::optional<std::size_t> find_name(Header header, std::string_view name);
/// "the first row is "a", "b"", of the first twenty, to say what there is instead.
std::string first_row_is(Header header);

}  // namespace balse
