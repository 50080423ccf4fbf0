#include "balse/tagging/preprocessing.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace balse {
namespace {

/// Where an output coordinate falls between two input coordinates.
struct Tap {
  std::size_t first = 0;
  std::size_t second = 0;
  float second_share = 0.0F;
};

/// Centre of output pixel k in input pixels: (k + 1/2) * from / to - 1/2.
std::vector<Tap> taps(std::size_t from, std::size_t to) {
  std::vector<Tap> result(to);
  const double step = static_cast<double>(from) / static_cast<double>(to);
  for (std::size_t k = 0; k < to; ++k) {
    const auto last = static_cast<double>(from - 1);
    const double at = std::clamp((static_cast<double>(k) + 0.5) * step - 0.5, 0.0, last);
    const double floor = std::floor(at);
    const auto first = static_cast<std::size_t>(floor);
    result[k] = {first, std::min(first + 1, from - 1), static_cast<float>(at - floor)};
  }
  return result;
}

template <typename Sample>
const Sample* row(const Image& image, std::size_t y) {
  return reinterpret_cast<const Sample*>(image.bytes.data()) + y * image.width * 3;
}

/// `unit`: gray levels of one step of a sample.
template <typename Sample>
void resize(const Image& image, const InputSpec& spec, float unit, std::span<float> planes) {
  const std::vector<Tap> across = taps(image.width, spec.width);
  const std::vector<Tap> down = taps(image.height, spec.height);
  const std::size_t plane = spec.width * spec.height;
  std::array<std::size_t, 3> source = {0, 1, 2};
  if (spec.order == ChannelOrder::rgb) {
    std::swap(source[0], source[2]);
  }
  for (std::size_t y = 0; y < spec.height; ++y) {
    const auto* const above = row<Sample>(image, down[y].first);
    const auto* const below = row<Sample>(image, down[y].second);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const std::size_t c = source[channel];
      const float mean = spec.mean[channel];
      const float inverse = 1.0F / spec.deviation[channel];
      float* const out = planes.data() + channel * plane + y * spec.width;
      for (std::size_t x = 0; x < spec.width; ++x) {
        const std::size_t left = across[x].first * 3 + c;
        const std::size_t right = across[x].second * 3 + c;
        const float share = across[x].second_share;
        const auto lerp = [](float a, float b, float t) { return a + (b - a) * t; };
        const float high = lerp(above[left], above[right], share);
        const float low = lerp(below[left], below[right], share);
        out[x] = (lerp(high, low, down[y].second_share) * unit - mean) * inverse;
      }
    }
  }
}

}  // namespace

std::string InputSpec::validate() const {
  constexpr std::size_t kLargest = 4096;
  if (width == 0 || height == 0 || width > kLargest || height > kLargest) {
    return "a network's input of " + std::to_string(width) + " x " + std::to_string(height) +
           " pixels; expected 1 to " + std::to_string(kLargest) + " each way";
  }
  for (std::size_t channel = 0; channel < 3; ++channel) {
    if (!std::isfinite(mean[channel]) || !std::isfinite(deviation[channel])) {
      return "a mean or deviation that is no finite number";
    }
    if (!(deviation[channel] > 0.0F)) {
      return "a deviation that is not above 0";
    }
  }
  return {};
}

void prepare_input(const Image& image, const InputSpec& spec, std::span<float> planes) {
  if (image.sample_bytes == 2) {
    resize<std::uint16_t>(image, spec, 255.0F / 65535.0F, planes);
  } else {
    resize<std::uint8_t>(image, spec, 1.0F, planes);
  }
}

}  // namespace balse
