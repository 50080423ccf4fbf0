#include "tagging/picture_head.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>

namespace balse {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kNames[] = {
    ".jpg", ".jpeg", ".jpe",  ".jfif", ".png",  ".apng", ".gif", ".webp", ".bmp", ".dib",
    ".tif", ".tiff", ".avif", ".heic", ".heif", ".jxl",  ".jp2", ".j2k",  ".jpc", ".pbm",
    ".pgm", ".ppm",  ".pnm",  ".pam",  ".pfm",  ".ras",  ".sr",  ".hdr",  ".pic", ".exr",
};

/// What files of a format begin with; "RIFF", "ftyp", "BM" and PNM want a closer look.
constexpr std::string_view kBeginnings[] = {
    "\xff\xd8\xff"sv,              // JPEG
    "\x89PNG\r\n\x1a\n"sv,         // PNG
    "GIF87a"sv,                    // GIF
    "GIF89a"sv,                    // GIF
    "II*\0"sv,                     // TIFF
    "MM\0*"sv,                     // TIFF
    "II+\0"sv,                     // BigTIFF
    "MM\0+"sv,                     // BigTIFF
    "\0\0\0\x0cjP  \r\n\x87\n"sv,  // JPEG 2000
    "\xff\x4f\xff\x51"sv,          // JPEG 2000
    "\xff\x0a"sv,                  // JPEG XL
    "\0\0\0\x0cJXL \r\n\x87\n"sv,  // JPEG XL
    "8BPS\0\1"sv,                  // Photoshop
    "\x59\xa6\x6a\x95"sv,          // Sun raster
    "#?RADIANCE\n"sv,              // Radiance
    "#?RGBE\n"sv,                  // Radiance
    "PF\n"sv,                      // PFM
    "Pf\n"sv,                      // PFM
    "\x76\x2f\x31\x01"sv,          // OpenEXR
};

std::string_view text_of(std::span<const std::byte> head) {
  return {reinterpret_cast<const char*>(head.data()), head.size()};
}

/// Videos begin with "ftyp" too.
bool is_heif(std::string_view head) {
  constexpr std::string_view kBrands[] = {"avif", "avis", "heic", "heix", "hevc",
                                          "heim", "heis", "mif1", "msf1"};
  return head.size() >= 12 && head.substr(4, 4) == "ftyp" &&
         std::find(std::begin(kBrands), std::end(kBrands), head.substr(8, 4)) != std::end(kBrands);
}

/// Texts may begin with "BM"; the size of the header that follows is one of a few.
bool is_bitmap(std::string_view head) {
  constexpr unsigned char kHeaders[] = {12, 16, 40, 52, 56, 64, 108, 124};
  return head.size() >= 18 && head.starts_with("BM") && head.substr(15, 3) == "\0\0\0"sv &&
         std::find(std::begin(kHeaders), std::end(kHeaders),
                   static_cast<unsigned char>(head[14])) != std::end(kHeaders);
}

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

bool has_picture_name(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(std::begin(kNames), std::end(kNames), extension) != std::end(kNames);
}

bool is_portable_anymap(std::span<const std::byte> head) {
  std::string_view text = text_of(head);
  if (text.size() < 3 || text[0] != 'P' || text[1] < '1' || text[1] > '7' || !is_space(text[2])) {
    return false;
  }
  text.remove_prefix(2);
  while (!text.empty() && is_space(text[0])) {
    text.remove_prefix(1);
  }
  return !text.empty() && (text[0] == '#' || text[0] == 'W' ||
                           std::isdigit(static_cast<unsigned char>(text[0])) != 0);
}

bool is_picture_head(std::span<const std::byte> head) {
  const std::string_view text = text_of(head);
  return std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                     [&](std::string_view beginning) { return text.starts_with(beginning); }) ||
         (text.starts_with("RIFF") && text.size() >= 12 && text.substr(8, 4) == "WEBP") ||
         is_heif(text) || is_bitmap(text) || is_portable_anymap(head);
}

}  // namespace balse
