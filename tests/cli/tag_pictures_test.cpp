// balse tag: which files of a folder are posters, and pictures that are cut short.

#include <string>
#include <sysexits.h>

#include <catch2/catch.hpp>
#include <zlib.h>

#include "cli/tag_support.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace tag_pictures_test {
namespace {

std::string big_endian(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(value >> shift);
  }
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string checked = type + data;
  return big_endian(data.size()) + checked +
         big_endian(::crc32(0, reinterpret_cast<const Bytef*>(checked.data()),
                            static_cast<uInt>(checked.size())));
}

/// A gray PNG of 64 x 64 pixels, stored without compression.
std::string gray_png() {
  constexpr std::size_t kSide = 64;
  std::string rows;
  for (std::size_t y = 0; y < kSide; ++y) {
    rows += '\0' + std::string(kSide, static_cast<char>(3 * y));
  }
  std::string data(::compressBound(rows.size()) + 64, '\0');
  uLongf size = data.size();
  ::compress2(reinterpret_cast<Bytef*>(data.data()), &size,
              reinterpret_cast<const Bytef*>(rows.data()), rows.size(), 0);
  data.resize(size);
  return "\x89PNG\r\n\x1a\n" +
         chunk("IHDR", big_endian(kSide) + big_endian(kSide) + std::string("\x08\0\0\0\0", 5)) +
         chunk("IDAT", data) + chunk("IEND", "");
}

}  // namespace

TEST_CASE("sidecars are no posters, a web page named as a picture is a broken one", "[cli][tag]") {
  const TagSetup setup;
  setup.add_poster("1", 1);
  setup.folder().write("posters/1.txt", "long hair, smile");
  setup.folder().write("posters/Thumbs.db", "\xd0\xcf\x11\xe0");
  const Outcome outcome = setup.run({setup.posters(), "--strict", "--threshold", "0"});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, Contains("passed over 2 files that are no pictures"));
  CHECK_THAT(outcome.err, Contains("1 poster tagged"));
  // Named, it is to be tagged.
  const Outcome named = setup.run({setup.path("posters/1.txt")});
  CHECK_THAT(named.err, Contains("1 failed"));
  setup.folder().write("posters/2.jpg", "<!DOCTYPE html><html>");
  const Outcome broken = setup.run({setup.posters()});
  CHECK_THAT(broken.err, Contains("a web page") && Contains("1 failed"));
}

TEST_CASE("of two files of an item the one that can be decoded counts", "[cli][tag]") {
  const TagSetup setup;
  setup.add_poster("20", 1);
  const std::string alone = setup.run({setup.posters()}).out;
  setup.folder().write("posters/20.jpg", "<!DOCTYPE html><html>");  // sorted before 20.png
  const std::string csv = setup.path("tags.csv");
  const Outcome outcome = setup.run({setup.posters(), "--strict", "--update", csv});
  CHECK(outcome.exit_code == EX_OK);
  CHECK(read_file(csv) == alone);
  CHECK_THAT(outcome.err, Contains("1 poster of more than one file"));
  const Outcome again = setup.run({setup.posters(), "--update", csv});
  CHECK_THAT(again.err, Contains("1 of 1 poster is unchanged"));
  // A change of either file is a change of the poster.
  setup.folder().write("posters/20.jpg", TagSetup::picture(2));
  CHECK_THAT(setup.run({setup.posters(), "--update", csv}).err, Contains("1 poster tagged"));
  CHECK(read_file(csv) != alone);
}

TEST_CASE("--allow-truncated tags what is there of a picture", "[cli][tag]") {
  const TagSetup setup;
  const std::string png = gray_png();
  setup.folder().write("posters/1.png", png.substr(0, png.size() / 2));
  const Outcome refused = setup.run({setup.posters()});
  CHECK_THAT(refused.err, Contains("a PNG that ends early") && Contains("--allow-truncated"));
  const std::string csv = setup.path("tags.csv");
  const Outcome tagged =
      setup.run({setup.posters(), "--strict", "--allow-truncated", "--update", csv});
  CHECK(tagged.exit_code == EX_OK);
  CHECK_THAT(tagged.err, Contains("1 poster tagged"));
  // Without, such rows do not stay.
  CHECK_THAT(setup.run({setup.posters(), "--update", csv}).err, Contains("could be tagged"));
}

}  // namespace tag_pictures_test
