#include "balse/data/sha256.hpp"

namespace balse {

std::string Sha256::digest() const {
  sha256_ctx context = context_;  // taking the digest resets it
  std::string bytes(SHA256_DIGEST_SIZE, '\0');
  sha256_digest(&context, bytes.size(), reinterpret_cast<uint8_t*>(bytes.data()));
  return bytes;
}

std::string Sha256::hex() const {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char c : digest()) {
    const auto byte = static_cast<unsigned char>(c);
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

}  // namespace balse
