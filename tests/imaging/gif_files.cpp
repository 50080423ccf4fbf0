#include <gif_lib.h>

#include <catch2/catch.hpp>

#include "imaging/image_files.hpp"

namespace balse::test {
namespace {

int append(GifFileType* gif, const GifByteType* bytes, int size) {
  static_cast<std::string*>(gif->UserData)
      ->append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return size;
}

ColorMapObject* color_map(const std::string& palette) {
  if (palette.empty()) {
    return nullptr;
  }
  ColorMapObject* map = GifMakeMapObject(static_cast<int>(palette.size() / 3), nullptr);
  REQUIRE(map != nullptr);
  for (std::size_t k = 0; k < palette.size(); ++k) {
    GifColorType& color = map->Colors[k / 3];
    (k % 3 == 0   ? color.Red
     : k % 3 == 1 ? color.Green
                  : color.Blue) = static_cast<GifByteType>(palette[k]);
  }
  return map;
}

void put_rows(GifFileType* gif, const GifFrame& frame) {
  const auto put = [&](std::size_t first, std::size_t step) {
    for (std::size_t y = first; y < frame.height; y += step) {
      auto* row = const_cast<GifPixelType*>(frame.indices.data() + y * frame.width);
      REQUIRE(EGifPutLine(gif, row, static_cast<int>(frame.width)) == GIF_OK);
    }
  };
  if (frame.interlaced) {
    put(0, 8);
    put(4, 8);
    put(2, 4);
    put(1, 2);
  } else {
    put(0, 1);
  }
}

}  // namespace

std::string gif_of(std::size_t width, std::size_t height, const std::string& palette,
                   const std::vector<GifFrame>& frames) {
  std::string file;
  GifFileType* gif = EGifOpen(&file, append, nullptr);
  REQUIRE(gif != nullptr);
  EGifSetGifVersion(gif, true);
  ColorMapObject* map = color_map(palette);
  REQUIRE(EGifPutScreenDesc(gif, static_cast<int>(width), static_cast<int>(height), 8, 0, map) ==
          GIF_OK);
  GifFreeMapObject(map);
  for (const GifFrame& frame : frames) {
    GraphicsControlBlock control = {.DisposalMode = 0,
                                    .UserInputFlag = false,
                                    .DelayTime = 10,
                                    .TransparentColor = frame.transparent};
    GifByteType block[4];
    EGifGCBToExtension(&control, block);
    REQUIRE(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, sizeof block, block) == GIF_OK);
    map = color_map(frame.palette);
    REQUIRE(EGifPutImageDesc(gif, static_cast<int>(frame.left), static_cast<int>(frame.top),
                             static_cast<int>(frame.width), static_cast<int>(frame.height),
                             frame.interlaced, map) == GIF_OK);
    GifFreeMapObject(map);
    put_rows(gif, frame);
  }
  REQUIRE(EGifCloseFile(gif, nullptr) == GIF_OK);
  return file;
}

}  // namespace balse::test
