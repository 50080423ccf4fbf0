#pragma once

#include <string>
#include <string_view>

#include <nettle/sha2.h>

namespace balse {

/// SHA-256 of bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256() { sha256_init(&context_); }

  void update(std::string_view bytes) {
    sha256_update(&context_, bytes.size(), reinterpret_cast<const uint8_t*>(bytes.data()));
  }

  /// Of all bytes so far: 32 bytes.
  std::string digest() const;

  /// The same in hexadecimal.
  std::string hex() const;

 private:
  sha256_ctx context_;
};

/// SHA-256 of a file, in hexadecimal: whether it is the same as yesterday. Throws Error where it
/// cannot be read.
std::string file_fingerprint(const std::string& path);
/// The same of a text.
std::string text_fingerprint(std::string_view text);

}  // namespace balse
