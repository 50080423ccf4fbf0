#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "balse/tagging/illustration2vec.hpp"
#include "balse/tagging/image.hpp"

namespace balse {

struct PosterScene;  // of synthesis, which knows this room

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

/// What OpenCV does for this program. It lives in a module of its own (src/imaging), loaded by the
/// first call of imaging(), because OpenCV takes a tenth of a second to start.
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

  /// Reads an Illustration2Vec tagger from a .caffemodel of either encoding. Layers are found by
  /// name; all others (of a training net) are passed over. Throws Error(bad_data) for a file that
  /// is none, is truncated, lacks a layer, or whose shapes do not fit the topology; nothing is
  /// allocated that the file's own size does not justify. `path` is for messages.
  virtual Illustration2VecWeights import_caffemodel(std::span<const std::byte> file,
                                                    const std::string& path) const = 0;

  /// Draws a made-up poster; the bytes of a JPEG file of 5 to 25 KB. Safe to call from several
  /// threads.
  virtual std::string draw_poster(const PosterScene& scene) const = 0;
};

/// Larger pictures are no posters but somebody's attempt to use up the memory.
inline constexpr std::uint64_t kMaxPixels = 50'000'000;

/// Pictures of more than `max_pixels` are refused; the first call decides, because OpenCV learns it
/// when it is loaded. Throws Error(no_input) where the module cannot be loaded.
const Imaging& imaging(std::uint64_t max_pixels = kMaxPixels);

}  // namespace balse
