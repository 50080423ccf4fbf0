// Decodes pictures for compare_with_pillow.py. Paths come a line each on standard input; for each
// there goes to standard output one line, "WIDTH HEIGHT" or "error REASON", and after the former
// the pixels: bytes, blue, green, red.

#include <iostream>
#include <string>
#include <string_view>

#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/tagging/imaging.hpp"

int main(int count, char** arguments) {
  balse::DecodeOptions options{.eight_bits = true};
  for (int k = 1; k < count; ++k) {
    const std::string_view argument = arguments[k];
    if (argument == "--over-white") {
      options.alpha = balse::Alpha::over_white;
    } else if (argument == "--allow-truncated") {
      options.allow_truncated = true;
    } else {
      std::cerr << "usage: balse_decode_pictures [--over-white] [--allow-truncated] < PATHS\n";
      return 64;
    }
  }
  // The module mutes std::cerr; std::cout is as it was.
  for (std::string path; std::getline(std::cin, path);) {
    try {
      const balse::MappedFile file(path);
      const balse::Image image = balse::imaging().decode(file.bytes(), options);
      std::cout << image.width << ' ' << image.height << '\n';
      std::cout.write(reinterpret_cast<const char*>(image.bytes.data()),
                      static_cast<std::streamsize>(image.bytes.size()));
    } catch (const balse::Error& error) {
      std::cout << "error " << error.parts().found << '\n';
    }
    std::cout.flush();
  }
  return 0;
}
