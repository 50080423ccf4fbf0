#include "data/quick_hash.hpp"

#include <cstdint>

// All of it in the header: no library to load at every start of the program.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace balse {

struct QuickHash::State {
  XXH3_state_t xxh3;
};

QuickHash::QuickHash() : state_(std::make_unique<State>()) {
  XXH3_64bits_reset(&state_->xxh3);
}

QuickHash::~QuickHash() = default;

void QuickHash::update(std::string_view bytes) {
  XXH3_64bits_update(&state_->xxh3, bytes.data(), bytes.size());
}

std::string QuickHash::digest() const {
  const std::uint64_t hash = XXH3_64bits_digest(&state_->xxh3);
  std::string bytes;
  for (unsigned shift = 0; shift < 64; shift += 8) {
    bytes += static_cast<char>(hash >> shift & 0xff);
  }
  return bytes;
}

}  // namespace balse
