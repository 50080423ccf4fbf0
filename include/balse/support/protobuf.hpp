#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "balse/support/error.hpp"

namespace balse {

/// One field of a message: its number, and its bytes or its number value.
struct ProtobufField {
  static constexpr std::uint32_t kVarint = 0;
  static constexpr std::uint32_t kFixed64 = 1;
  static constexpr std::uint32_t kBytes = 2;
  static constexpr std::uint32_t kFixed32 = 5;

  std::uint32_t number = 0;
  std::uint32_t wire = 0;  ///< kVarint, kFixed64, kBytes, kFixed32
  std::uint64_t value = 0;
  std::span<const std::byte> bytes;
};

/// What a file of messages should be, for what is said where it is not.
struct ProtobufKind {
  const char* name;      ///< as in "no .caffemodel"
  const char* expected;  ///< "trained weights as Caffe writes them"
};

/// Reads protocol buffers' wire format (protobuf.dev/programming-guides/encoding), field by field,
/// and copies nothing. Throws Error(bad_data) where a message breaks its rules or its end.
class ProtobufWalk {
 public:
  ProtobufWalk(std::span<const std::byte> message, const std::string& path,
               const ProtobufKind& kind)
      : rest_(message), path_(path), kind_(kind) {}

  /// False at the end.
  bool next(ProtobufField& field) {
    if (rest_.empty()) {
      return false;
    }
    const std::uint64_t key = varint();
    field.number = static_cast<std::uint32_t>(key >> 3);
    field.wire = static_cast<std::uint32_t>(key & 7);
    if (key >> 3 == 0 || key >> 3 > (1U << 29) - 1) {
      fail_kind("");
    }
    field.bytes = {};
    if (field.wire == ProtobufField::kVarint) {
      field.value = varint();
    } else if (field.wire == ProtobufField::kBytes) {
      field.bytes = take(varint());
    } else if (field.wire == ProtobufField::kFixed64) {
      field.bytes = take(8);
    } else if (field.wire == ProtobufField::kFixed32) {
      field.bytes = take(4);
    } else {
      fail_kind("");
    }
    return true;
  }

  /// For packed numbers.
  bool next(std::uint64_t& value) {
    if (rest_.empty()) {
      return false;
    }
    value = varint();
    return true;
  }

  [[noreturn]] void fail(const std::string& found) const {
    throw Error(ErrorKind::bad_data, {.file = path_, .found = found, .expected = kind_.expected});
  }

 private:
  [[noreturn]] void fail_kind(const char* more) const {
    fail("no " + std::string(kind_.name) + more);
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(take(1)[0]);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    fail_kind("");
  }

  std::span<const std::byte> take(std::uint64_t size) {
    if (size > rest_.size()) {
      fail_kind(", or one that ends early");
    }
    const std::span<const std::byte> taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  std::span<const std::byte> rest_;
  const std::string& path_;
  ProtobufKind kind_;
};

}  // namespace balse
