#include "tagging/resample.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace balse {
namespace {

/// A filter of Pillow's: its shape, and how far it reaches each way at scale 1.
struct Filter {
  double (*weight)(double);
  double support;
};

double triangle(double x) {
  return std::max(0.0, 1.0 - std::abs(x));
}

/// Keys 1981, a = -1/2.
double cubic(double x) {
  constexpr double kA = -0.5;
  x = std::abs(x);
  if (x < 1.0) {
    return ((kA + 2.0) * x - (kA + 3.0)) * x * x + 1;
  }
  return x < 2.0 ? (((x - 5.0) * x + 8.0) * x - 4.0) * kA : 0.0;
}

double sinc(double x) {
  if (x == 0.0) {
    return 1.0;
  }
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

double lanczos(double x) {
  return -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
}

Filter filter_of(Resampling resampling) {
  switch (resampling) {
    case Resampling::bicubic:
      return {cubic, 2.0};
    case Resampling::lanczos:
      return {lanczos, 3.0};
    case Resampling::points:
    case Resampling::bilinear:
      break;
  }
  return {triangle, 1.0};
}

/// Weights are whole numbers, of this many bits after the point.
constexpr int kBits = 32 - 8 - 2;

/// The input pixels that an output pixel is the mean of, and their weights.
struct Window {
  std::size_t first = 0;
  std::size_t count = 0;
  const std::int32_t* weights = nullptr;
};

/// The windows of `to` output pixels in a line of `from`.
class Windows {
 public:
  Windows(std::size_t from, std::size_t to, const Filter& filter) : windows_(to) {
    const double scale = static_cast<double>(from) / static_cast<double>(to);
    const double stretch = std::max(scale, 1.0);
    const double support = filter.support * stretch;
    const double narrow = 1.0 / stretch;
    const std::size_t most = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
    weights_.resize(most * to);
    std::vector<double> exact(most);
    for (std::size_t k = 0; k < to; ++k) {
      const double centre = (static_cast<double>(k) + 0.5) * scale;
      const auto low = static_cast<std::size_t>(std::max(centre - support + 0.5, 0.0));
      const auto high =
          static_cast<std::size_t>(std::min(centre + support + 0.5, static_cast<double>(from)));
      double sum = 0.0;
      for (std::size_t x = low; x < high; ++x) {
        exact[x - low] = filter.weight((static_cast<double>(x) - centre + 0.5) * narrow);
        sum += exact[x - low];
      }
      std::int32_t* const weights = weights_.data() + k * most;
      const double unit = sum != 0.0 ? 1.0 / sum : 1.0;
      for (std::size_t x = 0; x < high - low; ++x) {
        const double weight = exact[x] * unit;
        weights[x] = static_cast<std::int32_t>((weight < 0 ? -0.5 : 0.5) +
                                               weight * static_cast<double>(1 << kBits));
      }
      windows_[k] = {low, high - low, weights};
    }
  }

  const Window& operator[](std::size_t k) const { return windows_[k]; }
  std::size_t size() const { return windows_.size(); }

 private:
  std::vector<std::int32_t> weights_;
  std::vector<Window> windows_;
};

std::uint8_t rounded(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> kBits, 0, 255));
}

constexpr std::int32_t kHalf = 1 << (kBits - 1);

void across(const std::uint8_t* in, const Windows& windows, std::uint8_t* out) {
  for (std::size_t k = 0; k < windows.size(); ++k) {
    const Window& window = windows[k];
    std::int32_t sum[3] = {kHalf, kHalf, kHalf};
    const std::uint8_t* pixel = in + 3 * window.first;
    for (std::size_t x = 0; x < window.count; ++x, pixel += 3) {
      const std::int32_t weight = window.weights[x];
      sum[0] += pixel[0] * weight;
      sum[1] += pixel[1] * weight;
      sum[2] += pixel[2] * weight;
    }
    out[3 * k] = rounded(sum[0]);
    out[3 * k + 1] = rounded(sum[1]);
    out[3 * k + 2] = rounded(sum[2]);
  }
}

/// The lines of a framed picture, resampled across: those with the picture, and one of the border.
class Lines {
 public:
  Lines(const Framed& from, std::size_t width, const Filter& filter)
      : values_(3 * width),
        top_(from.top),
        rows_(from.picture_height),
        bytes_(values_ * (rows_ + 1)) {
    std::vector<std::uint8_t> whole(3 * from.width);
    for (std::size_t k = 0; k < whole.size(); ++k) {
      whole[k] = from.colour[k % 3];
    }
    const bool same = width == from.width;
    const Windows windows(from.width, same ? 1 : width, filter);
    const auto resample_line = [&](std::uint8_t* out) {
      if (same) {
        std::copy(whole.begin(), whole.end(), out);
      } else {
        across(whole.data(), windows, out);
      }
    };
    resample_line(bytes_.data() + rows_ * values_);
    for (std::size_t y = 0; y < rows_; ++y) {
      std::memcpy(whole.data() + 3 * from.left, from.picture.data() + 3 * y * from.picture_width,
                  3 * from.picture_width);
      resample_line(bytes_.data() + y * values_);
    }
  }

  std::size_t values() const { return values_; }
  const std::uint8_t* operator[](std::size_t y) const {
    const bool is_inside = y >= top_ && y - top_ < rows_;
    return bytes_.data() + (is_inside ? y - top_ : rows_) * values_;
  }

 private:
  std::size_t values_;
  std::size_t top_;
  std::size_t rows_;
  std::vector<std::uint8_t> bytes_;
};

void down(const Lines& lines, const Window& window, std::vector<std::int32_t>& sums,
          std::uint8_t* out) {
  std::fill(sums.begin(), sums.end(), kHalf);
  for (std::size_t y = 0; y < window.count; ++y) {
    const std::uint8_t* const line = lines[window.first + y];
    const std::int32_t weight = window.weights[y];
    for (std::size_t x = 0; x < sums.size(); ++x) {
      sums[x] += line[x] * weight;
    }
  }
  std::transform(sums.begin(), sums.end(), out, rounded);
}

}  // namespace

Pixels resample(const Framed& from, std::size_t width, std::size_t height, Resampling filter) {
  const Lines lines(from, width, filter_of(filter));
  Pixels result{.width = width, .height = height, .bytes = {}};
  result.bytes.resize(lines.values() * height);
  if (height == from.height) {
    for (std::size_t y = 0; y < height; ++y) {
      std::copy_n(lines[y], lines.values(), result.bytes.data() + y * lines.values());
    }
    return result;
  }
  const Windows windows(from.height, height, filter_of(filter));
  std::vector<std::int32_t> sums(lines.values());
  for (std::size_t y = 0; y < height; ++y) {
    down(lines, windows[y], sums, result.bytes.data() + y * lines.values());
  }
  return result;
}

Pixels place(std::span<const std::uint8_t> picture, std::size_t picture_width,
             std::size_t picture_height, std::size_t width, std::size_t height, std::size_t left,
             std::size_t top, const std::array<std::uint8_t, 3>& colour) {
  Pixels result{.width = width, .height = height, .bytes = {}};
  result.bytes.resize(3 * width * height);
  for (std::size_t k = 0; k < result.bytes.size(); ++k) {
    result.bytes[k] = colour[k % 3];
  }
  for (std::size_t y = 0; y < picture_height; ++y) {
    std::memcpy(result.bytes.data() + 3 * ((top + y) * width + left),
                picture.data() + 3 * y * picture_width, 3 * picture_width);
  }
  return result;
}

}  // namespace balse
