#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace balse {

/// XXH3 of bytes that arrive in pieces: as fast as memory is read, so it can be checked at every
/// start. Finds accidents; it is no protection from who wants to deceive.
class QuickHash {
 public:
  static constexpr std::size_t kBytes = 8;

  QuickHash();
  ~QuickHash();
  QuickHash(const QuickHash&) = delete;
  QuickHash& operator=(const QuickHash&) = delete;

  void update(std::string_view bytes);
  /// Of all bytes so far: 8 bytes, the lowest first.
  std::string digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace balse
