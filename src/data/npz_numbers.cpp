#include "data/npz_numbers.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

#include "balse/support/error.hpp"

namespace balse {
namespace {

constexpr std::size_t kBlock = 4096;  // elements that are unpacked at a time

/// IEEE 754's binary16.
struct Half {
  std::uint16_t bits = 0;

  explicit operator float() const {
    const int exponent = bits >> 10 & 31;
    const int fraction = bits & 1023;
    const float size = exponent == 31 ? (fraction == 0 ? std::numeric_limits<float>::infinity()
                                                       : std::numeric_limits<float>::quiet_NaN())
                       : exponent == 0
                           ? std::ldexp(static_cast<float>(fraction), -24)
                           : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
    return (bits & 0x8000) != 0 ? -size : size;
  }
};

template <typename In, typename Out>
void convert(const NpyStream& stream, std::string_view bytes, std::vector<Out>& values) {
  values.resize(bytes.size() / sizeof(In));
  for (std::size_t i = 0; i < values.size(); ++i) {
    In value{};
    std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
    if constexpr (std::is_integral_v<Out>) {
      if (!std::in_range<Out>(value)) {
        stream.fail("holds " + std::to_string(value), "smaller numbers");
      }
    } else if constexpr (std::is_same_v<In, double>) {
      // What float cannot hold is undefined to convert; it is no weight, as infinity says as well.
      if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
        value = std::copysign(std::numeric_limits<double>::infinity(), value);
      }
    }
    values[i] = static_cast<Out>(value);  // NOLINT(bugprone-signed-char-misuse): a number, no text
  }
}

}  // namespace

template <typename T>
NpzNumbers<T>::NpzNumbers(const NpzArchive& archive, const std::string& name,
                          std::size_t dimensions)
    : stream_(archive, name, dimensions), convert_(converter_of(stream_)) {}

template <typename T>
void NpzNumbers<T>::fill() {
  convert_(stream_, stream_.read(kBlock), values_);
  at_ = 0;
}

template <typename T>
typename NpzNumbers<T>::Convert NpzNumbers<T>::converter_of(const NpyStream& stream) {
  const std::string_view type = stream.type();
  if constexpr (std::is_floating_point_v<T>) {
    if (type == "<f4") {
      return convert<float, T>;
    }
    if (type == "<f8") {
      return convert<double, T>;
    }
    if (type == "<f2") {
      return convert<Half, T>;
    }
  }
  constexpr std::array<std::pair<std::string_view, Convert>, 9> kIntegers = {{
      {"<i4", convert<std::int32_t, T>},
      {"<i8", convert<std::int64_t, T>},
      {"<i2", convert<std::int16_t, T>},
      {"|i1", convert<std::int8_t, T>},
      {"|u1", convert<std::uint8_t, T>},
      {"|b1", convert<std::uint8_t, T>},
      {"<u2", convert<std::uint16_t, T>},
      {"<u4", convert<std::uint32_t, T>},
      {"<u8", convert<std::uint64_t, T>},
  }};
  for (const auto& [name, convert] : kIntegers) {
    if (type == name) {
      return convert;
    }
  }
  stream.fail("has elements of type " + shorten(type),
              std::is_floating_point_v<T> ? "<f2, <f4, <f8, integers or booleans" : "integers");
}

template class NpzNumbers<std::int64_t>;
template class NpzNumbers<float>;

}  // namespace balse
