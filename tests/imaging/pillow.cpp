#include "imaging/pillow.hpp"

#include <cstdlib>
#include <cstring>

#include <catch2/catch.hpp>

#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

namespace balse::test {
namespace {

constexpr const char* kProgram = R"(
import sys
import warnings
import numpy
from PIL import Image
warnings.simplefilter("ignore")
folder, over_white, count = sys.argv[1], sys.argv[2] == "1", int(sys.argv[3])
for k in range(count):
    try:
        image = Image.open(f"{folder}/{k}")
        image.load()
        if image.mode.startswith("I"):
            rgb = numpy.dstack([(numpy.asarray(image).astype("i4") >> 8).astype("u1")] * 3)
        else:
            image = image.convert("RGBA")
            if over_white:
                white = Image.new("RGBA", image.size, "white")
                white.alpha_composite(image)
                image = white
            rgb = numpy.asarray(image)[:, :, :3]
    except Exception:
        rgb = numpy.zeros((0, 0, 3), "u1")
    with open(f"{folder}/{k}.out", "wb") as out:
        out.write(numpy.array(rgb.shape[:2], "<u4").tobytes() + rgb[:, :, ::-1].tobytes())
)";

Image image_of(const std::string& file) {
  std::uint32_t size[2] = {0, 0};
  REQUIRE(file.size() >= sizeof size);
  std::memcpy(size, file.data(), sizeof size);
  return {.width = size[1], .height = size[0], .bytes = {file.begin() + sizeof size, file.end()}};
}

}  // namespace

bool has_pillow() {
  if (std::system("/usr/bin/python3 -c 'import PIL.Image, numpy' 2>/dev/null") == 0) {
    return true;
  }
  skipped("no python3-pil and python3-numpy to compare pictures with");
  return false;
}

std::vector<Image> decoded_by_pillow(const std::vector<std::pair<std::string, std::string>>& files,
                                     bool over_white) {
  const TemporaryFolder folder;
  for (std::size_t k = 0; k < files.size(); ++k) {
    folder.write(std::to_string(k), files[k].second);
  }
  const std::string program = folder.write("decode.py", kProgram);
  const std::string command = "/usr/bin/python3 " + program + " " + folder.path() + " " +
                              (over_white ? "1 " : "0 ") + std::to_string(files.size());
  REQUIRE(std::system(command.c_str()) == 0);
  std::vector<Image> images;
  for (std::size_t k = 0; k < files.size(); ++k) {
    images.push_back(image_of(read_file(folder.path(std::to_string(k) + ".out"))));
  }
  return images;
}

}  // namespace balse::test
