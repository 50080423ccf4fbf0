#pragma once

#include <string>

namespace balse {

struct PosterScene;  // of synthesis, which knows this room

/// Draws posters, in the module of imaging().
class PosterPainter {
 public:
  virtual ~PosterPainter() = default;
  PosterPainter() = default;
  PosterPainter(const PosterPainter&) = delete;
  PosterPainter& operator=(const PosterPainter&) = delete;

  /// Draws a made-up poster; the bytes of a JPEG file of 5 to 25 KB. Safe to call from several
  /// threads.
  virtual std::string draw_poster(const PosterScene& scene) const = 0;
};

/// Throws Error(no_input) where the module cannot be loaded.
const PosterPainter& poster_painter();

}  // namespace balse
