#include "data/sha256.hpp"

namespace balse {

std::string Sha256::hex() const {
  static constexpr char kHex[] = "0123456789abcdef";
  sha256_ctx context = context_;  // taking the digest resets it
  uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_digest(&context, sizeof digest, digest);
  std::string text;
  for (const uint8_t byte : digest) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

}  // namespace balse
