#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace balse {

inline constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

/// Seconds since 1970, of such a number (also in milli-, micro- or nanoseconds, told by how many
/// there are), or of a date as in 2015-03-04, 2015/03/04, 2015-03-04 12:00:00, 2015-03-04T12:00:00Z
/// (UTC).
std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace balse
