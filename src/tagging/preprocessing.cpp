#include "balse/tagging/preprocessing.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "tagging/resample.hpp"

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

/// Where the values of a channel go.
class Target {
 public:
  Target(const InputSpec& spec, std::span<float> input)
      : input_(input.data()),
        width_(spec.width),
        plane_(spec.width * spec.height),
        nhwc_(spec.layout == Layout::nhwc),
        rgb_(spec.order == ChannelOrder::rgb) {}

  /// The place in a decoded pixel (blue, green, red) of the network's `channel`.
  std::size_t source(std::size_t channel) const { return rgb_ ? 2 - channel : channel; }
  float* row(std::size_t channel, std::size_t y) const {
    return nhwc_ ? input_ + y * width_ * 3 + channel : input_ + channel * plane_ + y * width_;
  }
  /// From a pixel to the next in its row.
  std::size_t step() const { return nhwc_ ? 3 : 1; }

 private:
  float* input_;
  std::size_t width_;
  std::size_t plane_;
  bool nhwc_;
  bool rgb_;
};

template <typename Sample>
const Sample* row(const Image& image, std::size_t y) {
  return reinterpret_cast<const Sample*>(image.bytes.data()) + y * image.width * 3;
}

/// `unit`: gray levels of one step of a sample.
template <typename Sample>
void resize(const Image& image, const InputSpec& spec, float unit, std::span<float> input) {
  const std::vector<Tap> across = taps(image.width, spec.width);
  const std::vector<Tap> down = taps(image.height, spec.height);
  const Target target(spec, input);
  for (std::size_t y = 0; y < spec.height; ++y) {
    const auto* const above = row<Sample>(image, down[y].first);
    const auto* const below = row<Sample>(image, down[y].second);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const std::size_t c = target.source(channel);
      const float mean = spec.mean[channel];
      const float inverse = 1.0F / spec.deviation[channel];
      float* const out = target.row(channel, y);
      for (std::size_t x = 0; x < spec.width; ++x) {
        const std::size_t left = across[x].first * 3 + c;
        const std::size_t right = across[x].second * 3 + c;
        const float share = across[x].second_share;
        const auto lerp = [](float a, float b, float t) { return a + (b - a) * t; };
        const float high = lerp(above[left], above[right], share);
        const float low = lerp(below[left], below[right], share);
        out[x * target.step()] = (lerp(high, low, down[y].second_share) * unit - mean) * inverse;
      }
    }
  }
}

/// Samples as bytes: of 16 bits the upper 8, as other taggers' readers do.
std::span<const std::uint8_t> as_bytes(const Image& image, std::vector<std::uint8_t>& storage) {
  if (image.sample_bytes == 1) {
    return image.bytes;
  }
  storage.resize(image.width * image.height * 3);
  for (std::size_t k = 0; k < storage.size(); ++k) {
    std::uint16_t word = 0;
    std::memcpy(&word, image.bytes.data() + 2 * k, sizeof word);
    storage[k] = static_cast<std::uint8_t>(word >> 8);
  }
  return storage;
}

/// As wide and high as the network wants it, blue, green, red.
Pixels fitted(const Image& image, const InputSpec& spec) {
  std::vector<std::uint8_t> storage;
  Framed framed{.picture = as_bytes(image, storage),
                .picture_width = image.width,
                .picture_height = image.height,
                .width = image.width,
                .height = image.height,
                .colour = {spec.border[2], spec.border[1], spec.border[0]}};
  if (spec.fit == Fit::pad) {
    framed.width = framed.height = std::max(image.width, image.height);
    framed.left = (framed.width - image.width) / 2;
    framed.top = (framed.height - image.height) / 2;
  }
  if (spec.fit != Fit::letterbox) {
    return resample(framed, spec.width, spec.height, spec.resampling);
  }
  // The longer side fills the network's; the other is cut off to whole pixels.
  const double aspect = static_cast<double>(image.width) / static_cast<double>(image.height);
  const auto shorter = [](double length) {
    return std::max<std::size_t>(static_cast<std::size_t>(length), 1);
  };
  const bool is_wide = aspect > 1.0;
  const std::size_t width =
      is_wide ? spec.width : shorter(static_cast<double>(spec.height) * aspect);
  const std::size_t height =
      is_wide ? shorter(static_cast<double>(spec.width) / aspect) : spec.height;
  const Pixels small = resample(framed, width, height, spec.resampling);
  return place(small.bytes, width, height, spec.width, spec.height, (spec.width - width) / 2,
               (spec.height - height) / 2, framed.colour);
}

void write_pixels(const Pixels& pixels, const InputSpec& spec, std::span<float> input) {
  const Target target(spec, input);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    // All there are: a gray level has 256 values.
    std::array<float, 256> values = {};
    for (std::size_t level = 0; level < values.size(); ++level) {
      values[level] = (static_cast<float>(level) - spec.mean[channel]) / spec.deviation[channel];
    }
    for (std::size_t y = 0; y < spec.height; ++y) {
      const std::uint8_t* const in =
          pixels.bytes.data() + 3 * y * spec.width + target.source(channel);
      float* const out = target.row(channel, y);
      for (std::size_t x = 0; x < spec.width; ++x) {
        out[x * target.step()] = values[in[3 * x]];
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
  if (fit != Fit::stretch && (width != height || resampling == Resampling::points)) {
    return "a picture that keeps its aspect ratio in an input that is no square, or without a "
           "filter";
  }
  return {};
}

void prepare_input(const Image& image, const InputSpec& spec, std::span<float> input) {
  if (spec.resampling != Resampling::points) {
    write_pixels(fitted(image, spec), spec, input);
  } else if (image.sample_bytes == 2) {
    resize<std::uint16_t>(image, spec, 255.0F / 65535.0F, input);
  } else {
    resize<std::uint8_t>(image, spec, 1.0F, input);
  }
}

}  // namespace balse
