// OpenCV reads some formats from files only, and writes what it is given to a file of its own
// first.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/tagging/imaging.hpp"

#include "imaging/image_files.hpp"
#include "support/captured_stderr.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using namespace std::string_literals;

namespace {

/// Where OpenCV puts its temporary files meanwhile.
class OpencvTemporaries {
 public:
  explicit OpencvTemporaries(const std::string& folder) {
    ::setenv("OPENCV_TEMP_PATH", folder.c_str(), 1);
  }
  ~OpencvTemporaries() { ::unsetenv("OPENCV_TEMP_PATH"); }
  OpencvTemporaries(const OpencvTemporaries&) = delete;
  OpencvTemporaries& operator=(const OpencvTemporaries&) = delete;
};

}  // namespace

TEST_CASE("no picture leaves a file behind, whatever size it claims", "[decode]") {
  const TemporaryFolder folder;
  const OpencvTemporaries there(folder.path());
  const CapturedStderr captured;
  const std::string pixels(100, '\0');
  for (const char* size : {"60000 60000", "2000000 1", "1 2000000", "-1 -1", "0 0",
                           "2147483647 2147483647", "99999999999 1"}) {
    const std::string width(size, std::string(size).find(' '));
    const std::string height = std::string(size).substr(width.size() + 1);
    for (const std::string& file :
         {"PF\n" + std::string(size) + "\n-1.0\n" + pixels,
          "Pf\n" + std::string(size) + "\n-1.0\n" + pixels,
          "#?RGBE\nFORMAT=32-bit_rle_rgbe\n\n-Y " + height + " +X " + width + "\n" + pixels,
          "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y " + height + " +X " + width + "\n" + pixels}) {
      INFO(file.substr(0, 60));
      CHECK(error_of([&] { imaging().decode(bytes_of(file)); }).kind() == ErrorKind::bad_data);
    }
  }
  for (const std::string& size : {"\0\0\xea\x60\0\0\xea\x60"s, "\x7f\xff\xff\xff\0\0\0\1"s,
                                  "\0\x20\0\0\0\0\0\1"s, "\xff\xff\xff\xff\xff\xff\xff\xff"s}) {
    const std::string raster =
        "\x59\xa6\x6a\x95" + size + "\0\0\0\x18\0\0\1\0\0\0\0\1\0\0\0\0\0\0\0\0"s + pixels;
    CHECK(error_of([&] { imaging().decode(bytes_of(raster)); }).kind() == ErrorKind::bad_data);
  }
  CHECK(error_of([&] { imaging().decode(bytes_of("\x76\x2f\x31\x01" + pixels)); }).kind() ==
        ErrorKind::bad_data);
  CHECK(captured.text().empty());
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    left.push_back(entry.path().filename().string());
  }
  CHECK(left == std::vector<std::string>());
}

TEST_CASE("no format needs a folder for temporary files", "[decode]") {
  const TemporaryFolder folder;
  const auto samples = samples_of_all_formats();  // OpenCV's writers do need one
  const OpencvTemporaries nowhere(folder.path("absent"));
  for (const auto& [name, file] : samples) {
    INFO(name);
    CHECK(imaging().decode(bytes_of(file)).width > 0);
  }
  const std::string one = "PF\n1 1\n-1.0\n"s + "\0\0\x80\x3f\0\0\0\0\0\0\0\x3f"s;
  CHECK(imaging().decode(bytes_of(one)).bytes.size() == 6);
}
