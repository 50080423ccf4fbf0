#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace balse {

/// A poster file of more than this is none.
inline constexpr std::size_t kMaxPosterBytes = std::size_t{512} << 20;

/// Replaces `bytes` by the content of a file, or of standard input for "-". Throws Error: no_input
/// where it cannot be opened or read, bad_data where it is too large.
void read_poster(const std::string& path, std::vector<std::byte>& bytes);

/// The first bytes of a file, at most `limit`. Throws Error(no_input).
std::vector<std::byte> read_head(const std::string& path, std::size_t limit);

}  // namespace balse
