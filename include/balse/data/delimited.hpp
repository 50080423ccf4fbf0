#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// Splits a line into fields. Spaces around a field are not part of it (unless the delimiter has
/// one); a field in double quotes (RFC 4180) may hold the delimiter, line ends, and a quote as "".
/// With tabs, or a delimiter of several characters, as in MovieLens' "::" files, a quote that does
/// not fit is an ordinary character, as it is there.
class LineSplitter {
 public:
  /// One or more spaces and tabs, in any mixture, between fields.
  static constexpr const char* kBlanks = " \t";

  explicit LineSplitter(std::string delimiter);

  /// The first `limit` fields of `line`, valid until the next call and while `line` is; what
  /// follows them is not looked at. False where quotes are wrong, see problem().
  bool split(std::string_view line, std::size_t limit = std::numeric_limits<std::size_t>::max());

  std::size_t size() const { return fields_.size(); }
  std::string_view operator[](std::size_t field) const { return fields_[field]; }
  const std::string_view* begin() const { return fields_.data(); }
  const std::string_view* end() const { return fields_.data() + fields_.size(); }
  /// What follows the last field that was looked at, without its delimiter; empty at the line's
  /// end.
  std::string_view rest() const { return rest_; }
  const char* problem() const { return problem_; }
  /// Whether the problem is a quote that is not closed: the field may go on in the next line.
  bool is_open() const { return open_; }
  const std::string& delimiter() const { return delimiter_; }

 private:
  bool split_plain(std::string_view line, std::size_t limit);
  bool split_any(std::string_view line, std::size_t limit);
  bool split_from(const char* at, const char* end, std::size_t limit);
  const char* find_delimiter(const char* from, const char* end) const;
  const char* after_delimiter(const char* at, const char* end) const;
  const char* quoted_field(const char* quote, const char* end);

  std::string delimiter_;
  bool trim_;
  bool blanks_;
  bool lenient_;  // a quote may be an ordinary character
  std::vector<std::string_view> fields_;
  std::string unquoted_;  // text of fields with "" in them
  std::string_view rest_;
  const char* problem_ = "";
  bool open_ = false;
};

/// The delimiter of a file whose first row is `line` and should have `wanted` or more fields: of
/// tab, "::", comma, semicolon and "|" the one that comes first in the line (ids hold delimiters
/// more seldom than what follows them); comma if there is none.
std::string detect_delimiter(std::string_view line, std::size_t wanted);

/// What to try where no option says what is between the columns.
inline constexpr const char* kDelimitersHint =
    "one of comma, tab, semicolon, :: or | between all columns, and quotes around what holds it";

/// "commas", "tabs", ... for messages.
std::string delimiter_name(std::string_view delimiter);

/// Nothing but spaces and tabs.
bool is_blank(std::string_view line);

}  // namespace balse
