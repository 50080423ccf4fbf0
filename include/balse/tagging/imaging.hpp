#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "balse/tagging/image.hpp"

namespace balse {

/// What becomes of transparency.
enum class Alpha {
  drop,        ///< colours as they are stored, as Illustration2Vec's authors read posters
  over_white,  ///< laid over white, as Pillow's alpha_composite() does it, to the very integers
};

struct DecodeOptions {
  Alpha alpha = Alpha::drop;
  /// 16-bit samples become bytes, the upper one of each, before they are laid over white.
  bool eight_bits = false;
  /// Of a JPEG, PNG, GIF or WebP that ends early what is there; what is not is gray.
  bool allow_truncated = false;
};

/// Decodes pictures. It lives in a module of its own (src/imaging), loaded by the first call of
/// imaging(), caffemodel_importer() or poster_painter(), because OpenCV takes a tenth of a second
/// to start.
class Imaging {
 public:
  virtual ~Imaging() = default;
  Imaging() = default;
  Imaging(const Imaging&) = delete;
  Imaging& operator=(const Imaging&) = delete;

  /// Decodes an image file, told by its content: the first picture of an animation, gray as three
  /// equal channels, orientation and colour profile ignored, as Illustration2Vec's authors read
  /// posters. Throws Error(bad_data) whose `found` says what is wrong with the file: no image,
  /// broken, cut short, too many pixels (told before decoding it). Safe to call from several
  /// threads.
  virtual Image decode(std::span<const std::byte> file, const DecodeOptions& options) const = 0;
  Image decode(std::span<const std::byte> file) const { return decode(file, {}); }
};

/// Larger pictures are no posters but somebody's attempt to use up the memory.
inline constexpr std::uint64_t kMaxPixels = 50'000'000;

/// Pictures of more than `max_pixels` are refused; the first call decides, because OpenCV learns it
/// when it is loaded. Throws Error(no_input) where the module cannot be loaded.
const Imaging& imaging(std::uint64_t max_pixels = kMaxPixels);

}  // namespace balse
