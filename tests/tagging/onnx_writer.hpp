#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace balse::test {

/// Writes ONNX files (onnx.proto3's fields by their numbers), as little of them as a test needs.
class OnnxWriter {
 public:
  using Shape = std::vector<std::int64_t>;
  /// A number, numbers, or a real one.
  using Value = std::variant<std::int64_t, Shape, float>;
  using Attributes = std::vector<std::pair<std::string, Value>>;

  /// A dimension of any size.
  static constexpr std::int64_t kFree = -1;

  void input(const std::string& name, const Shape& shape) {
    graph_ += bytes(11, info(name, shape));
  }
  void output(const std::string& name, const Shape& shape) {
    graph_ += bytes(12, info(name, shape));
  }

  void weights(const std::string& name, const Shape& shape, const std::vector<float>& values) {
    tensor(name, shape, 1,
           {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
  }
  void numbers(const std::string& name, const Shape& values) {
    tensor(name, {static_cast<std::int64_t>(values.size())}, 7,
           {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(std::int64_t)});
  }

  void node(const std::string& type, const std::vector<std::string>& inputs,
            const std::string& output, const Attributes& attributes = {}) {
    std::string message;
    for (const std::string& name : inputs) {
      message += bytes(1, name);
    }
    message += bytes(2, output) + bytes(4, type);
    for (const auto& [name, value] : attributes) {
      message += bytes(5, attribute(name, value));
    }
    graph_ += bytes(1, message);
  }

  std::string model(std::int64_t opset = 17) const {
    return varint(1, 8) + bytes(2, "balse's tests") + bytes(7, graph_ + bytes(2, "tagger")) +
           bytes(8, bytes(1, "") + varint(2, static_cast<std::uint64_t>(opset)));
  }

  static std::string bytes(std::uint32_t number, std::string_view content) {
    return plain((number << 3) | 2) + plain(content.size()) + std::string(content);
  }
  static std::string varint(std::uint32_t number, std::uint64_t value) {
    return plain(number << 3) + plain(value);
  }

 private:
  static std::string plain(std::uint64_t value) {
    std::string text;
    for (; value > 0x7f; value >>= 7) {
      text += static_cast<char>((value & 0x7f) | 0x80);
    }
    return text + static_cast<char>(value);
  }

  static std::string info(const std::string& name, const Shape& shape) {
    std::string dimensions;
    for (const std::int64_t size : shape) {
      dimensions +=
          bytes(1, size == kFree ? bytes(2, "batch") : varint(1, static_cast<std::uint64_t>(size)));
    }
    return bytes(1, name) + bytes(2, bytes(1, varint(1, 1) + bytes(2, dimensions)));
  }

  static std::string attribute(const std::string& name, const Value& value) {
    constexpr std::uint64_t kFloat = 1;
    constexpr std::uint64_t kInt = 2;
    constexpr std::uint64_t kInts = 7;
    std::string message = bytes(1, name);
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      return message + varint(3, static_cast<std::uint64_t>(*number)) + varint(20, kInt);
    }
    if (const auto* real = std::get_if<float>(&value)) {
      char four[sizeof(float)];
      std::memcpy(four, real, sizeof four);
      return message + plain((2 << 3) | 5) + std::string(four, sizeof four) + varint(20, kFloat);
    }
    for (const std::int64_t number : std::get<Shape>(value)) {
      message += varint(8, static_cast<std::uint64_t>(number));
    }
    return message + varint(20, kInts);
  }

  void tensor(const std::string& name, const Shape& shape, std::uint64_t type,
              std::string_view raw) {
    std::string message;
    for (const std::int64_t size : shape) {
      message += varint(1, static_cast<std::uint64_t>(size));
    }
    graph_ += bytes(5, message + varint(2, type) + bytes(8, name) + bytes(9, raw));
  }

  std::string graph_;
};

}  // namespace balse::test
