#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace balse {

/// How much of a file's beginning tells whether it is a picture.
inline constexpr std::size_t kPictureHead = 4096;

/// Whether the name ends as pictures' names do: .jpg, .PNG ...
bool has_picture_name(const std::string& path);

/// Whether a file that begins so is in a format of pictures, also in one that this program does not
/// read, so that it can say so.
bool is_picture_head(std::span<const std::byte> head);

/// P1 to P7, white space and a number: of a PNM, the one format of pictures that may be a text.
bool is_portable_anymap(std::span<const std::byte> head);

}  // namespace balse
