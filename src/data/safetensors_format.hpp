#pragma once

namespace balse {

// What SafetensorsWriter adds to a file and SafetensorsReader checks.
// SHA-256 of all tensors before it, and of the header.
inline constexpr const char* kDataChecksum = "checksum.data";
inline constexpr const char* kHeaderChecksum = "checksum.header";
// XXH3 (64 bits, little-endian) of all tensors before it, those two as well: the last tensor,
// looked at whenever a file is opened.
inline constexpr const char* kQuickChecksum = "checksum.quick";

}  // namespace balse
