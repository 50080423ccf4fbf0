#include "decode_gif.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <gif_lib.h>
#include <memory>
#include <vector>

#include "image_file.hpp"

namespace balse {
namespace {

/// What giflib calls back for.
struct GifBytes {
  std::span<const std::byte> rest;
  bool early = false;
};

int read_gif(GifFileType* gif, GifByteType* out, int size) {
  auto* const bytes = static_cast<GifBytes*>(gif->UserData);
  const std::size_t count = std::min(static_cast<std::size_t>(size), bytes->rest.size());
  bytes->early = bytes->early || count < static_cast<std::size_t>(size);
  if (count > 0) {
    std::memcpy(out, bytes->rest.data(), count);
  }
  bytes->rest = bytes->rest.subspan(count);
  return static_cast<int>(count);
}

constexpr std::size_t kNoRow = SIZE_MAX;

struct CloseGif {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

class GifReader {
 public:
  explicit GifReader(std::span<const std::byte> file) : bytes_{file} {
    gif_.reset(DGifOpen(&bytes_, read_gif, nullptr));
    if (!gif_) {
      fail();
    }
  }

  /// Reads up to the first picture's pixels. Returns the index of the transparent colour, or
  /// NO_TRANSPARENT_COLOR.
  int find_picture() {
    int transparent = NO_TRANSPARENT_COLOR;
    for (GifRecordType type = UNDEFINED_RECORD_TYPE;;) {
      check(DGifGetRecordType(gif_.get(), &type));
      if (type == IMAGE_DESC_RECORD_TYPE) {
        check(DGifGetImageDesc(gif_.get()));
        return transparent;
      }
      if (type == TERMINATE_RECORD_TYPE) {
        fail_image("a GIF without a picture");
      }
      int code = 0;
      GifByteType* block = nullptr;
      check(DGifGetExtension(gif_.get(), &code, &block));
      for (bool first = true; block != nullptr; first = false) {
        GraphicsControlBlock control = {};
        if (first && code == GRAPHICS_EXT_FUNC_CODE &&
            DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
          transparent = control.TransparentColor;
        }
        check(DGifGetExtensionNext(gif_.get(), &block));
      }
    }
  }

  const GifFileType& gif() const { return *gif_; }

  /// Indices of the picture's rows. `shown[y]` becomes the row that is to be shown at y: itself,
  /// in an interlaced picture that is cut short the nearest above from an earlier pass, or kNoRow.
  /// False where rows are missing.
  bool read_indices(std::vector<GifPixelType>& indices, std::vector<std::size_t>& shown) {
    const int width = gif_->Image.Width;
    const auto height = static_cast<std::size_t>(gif_->Image.Height);
    shown.assign(height, kNoRow);
    struct Pass {
      std::size_t first;
      std::size_t step;
    };
    constexpr Pass kPlain[] = {{0, 1}};
    constexpr Pass kInterlaced[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    const bool interlaced = gif_->Image.Interlace;
    for (const Pass& pass : interlaced ? std::span<const Pass>(kInterlaced) : kPlain) {
      for (std::size_t y = pass.first; y < height; y += pass.step) {
        if (DGifGetLine(gif_.get(), indices.data() + y * static_cast<std::size_t>(width), width) !=
            GIF_OK) {
          if (interlaced) {
            repeat_rows(shown);
          }
          return false;
        }
        shown[y] = y;
      }
    }
    return true;
  }

  /// Whether the file, or the data of the picture in it, ends before it should.
  bool early() const { return bytes_.early || gif_->Error == D_GIF_ERR_EOF_TOO_SOON; }

  [[noreturn]] void fail() const {
    if (bytes_.early) {
      fail_early("a GIF", false);
    }
    fail_image("a broken GIF");
  }

 private:
  static void repeat_rows(std::vector<std::size_t>& shown) {
    for (std::size_t y = 0; y < shown.size(); ++y) {
      for (std::size_t step = 2; shown[y] == kNoRow && step <= 8; step *= 2) {
        const std::size_t above = y / step * step;
        shown[y] = shown[above] == above ? above : kNoRow;
      }
    }
  }

  void check(int result) const {
    if (result != GIF_OK) {
      fail();
    }
  }

  GifBytes bytes_;
  std::unique_ptr<GifFileType, CloseGif> gif_;
};

/// Blue, green, red and opacity of each index. What a palette lacks is gray.
using Colors = std::array<std::array<std::uint8_t, 4>, 256>;

Colors colors_of(const GifFileType& gif, int transparent) {
  const ColorMapObject* map = gif.Image.ColorMap != nullptr ? gif.Image.ColorMap : gif.SColorMap;
  Colors colors;
  for (std::size_t k = 0; k < colors.size(); ++k) {
    const auto gray = static_cast<std::uint8_t>(k);
    const bool given = map != nullptr && k < static_cast<std::size_t>(map->ColorCount);
    const GifColorType color = given ? map->Colors[k] : GifColorType{gray, gray, gray};
    colors[k] = {color.Blue, color.Green, color.Red, 255};
  }
  if (transparent != NO_TRANSPARENT_COLOR) {
    colors[static_cast<std::size_t>(transparent)][3] = 0;
  }
  return colors;
}

void fill_screen(Raster& canvas, const std::array<std::uint8_t, 4>& color) {
  for (std::size_t at = 0; at < canvas.bytes.size(); ++at) {
    canvas.bytes[at] = color[at % canvas.channels];
  }
}

}  // namespace

Raster decode_gif(std::span<const std::byte> file, std::uint64_t max_pixels,
                  const DecodeOptions& options) {
  GifReader reader(file);
  const int transparent = reader.find_picture();
  const GifFileType& gif = reader.gif();
  const auto left = static_cast<std::size_t>(gif.Image.Left);
  const auto top = static_cast<std::size_t>(gif.Image.Top);
  const auto width = static_cast<std::size_t>(gif.Image.Width);
  const auto height = static_cast<std::size_t>(gif.Image.Height);
  check_size(width, height, max_pixels);
  // A screen that is smaller than its picture grows.
  const std::size_t screen_width = std::max(static_cast<std::size_t>(gif.SWidth), left + width);
  const std::size_t screen_height = std::max(static_cast<std::size_t>(gif.SHeight), top + height);
  check_size(screen_width, screen_height, max_pixels);

  std::vector<GifPixelType> indices(width * height);
  std::vector<std::size_t> shown;
  const bool whole = reader.read_indices(indices, shown);
  if (!whole) {
    if (!reader.early()) {
      fail_image("a broken GIF");
    }
    if (shown.front() == kNoRow || !options.allow_truncated) {
      fail_early("a GIF", !options.allow_truncated);
    }
  }
  const Colors colors = colors_of(gif, transparent);
  const bool has_opacity = transparent != NO_TRANSPARENT_COLOR && options.alpha != Alpha::drop;
  Raster canvas;
  canvas.allocate(screen_width, screen_height, has_opacity ? 4 : 3);
  fill_screen(
      canvas,
      colors[transparent == NO_TRANSPARENT_COLOR ? 0 : static_cast<std::size_t>(transparent)]);
  constexpr std::array<std::uint8_t, 4> kMissing = {kMissingGray, kMissingGray, kMissingGray, 255};
  for (std::size_t y = 0; y < height; ++y) {
    std::uint8_t* out = canvas.row(top + y) + left * canvas.channels;
    for (std::size_t x = 0; x < width; ++x, out += canvas.channels) {
      const auto& color = shown[y] == kNoRow ? kMissing : colors[indices[shown[y] * width + x]];
      std::copy_n(color.begin(), canvas.channels, out);
    }
  }
  return canvas;
}

}  // namespace balse
