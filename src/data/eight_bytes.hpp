#pragma once

// Looking for a character eight bytes at a time: fields are short, and where each ends no processor
// can foretell, so that a loop over its bytes waits at every end.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace balse {

/// Eight times `c`.
constexpr std::uint64_t eight_of(char c) {
  return 0x0101010101010101u * static_cast<unsigned char>(c);
}

inline std::uint64_t load_eight(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Not zero where a byte of `word` is the character of `wanted`; the lowest bit set is the highest
/// of the least significant such byte.
constexpr std::uint64_t bytes_equal(std::uint64_t word, std::uint64_t wanted) {
  const std::uint64_t x = word ^ wanted;
  return (x - 0x0101010101010101u) & ~x & 0x8080808080808080u;
}

/// The first `c`, which is not 0, of [at, end), or end. All from `begin`, which is not after `at`,
/// may be read.
inline const char* find_character(const char* begin, const char* at, const char* end, char c) {
  if constexpr (std::endian::native == std::endian::little) {
    const std::uint64_t wanted = eight_of(c);
    for (; end - at >= 8; at += 8) {
      const std::uint64_t found = bytes_equal(load_eight(at), wanted);
      if (found != 0) {
        return at + std::countr_zero(found) / 8;
      }
    }
    if (at == end) {
      return end;
    }
    if (end - begin >= 8) {  // the last eight, of which those before `at` are shifted out
      const std::uint64_t last = load_eight(end - 8) >> (8 * (8 - (end - at)));
      const std::uint64_t found = bytes_equal(last, wanted);
      return found != 0 ? at + std::countr_zero(found) / 8 : end;
    }
  }
  while (at != end && *at != c) {
    ++at;
  }
  return at;
}

}  // namespace balse
