#include "balse/data/sha256.hpp"

#include <cstddef>
#include <vector>

#include "balse/data/byte_source.hpp"

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

std::string file_fingerprint(const std::string& path) {
  ByteSource source(path);
  Sha256 hash;
  std::vector<char> buffer(std::size_t{1} << 16);
  while (const std::size_t count = source.read(buffer.data(), buffer.size())) {
    hash.update({buffer.data(), count});
  }
  return hash.hex();
}

std::string text_fingerprint(std::string_view text) {
  Sha256 hash;
  hash.update(text);
  return hash.hex();
}

}  // namespace balse
