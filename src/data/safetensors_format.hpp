#pragma once

namespace balse {

// What SafetensorsWriter adds to a file and SafetensorsReader checks.
inline constexpr const char* kDataChecksum = "checksum.data";
inline constexpr const char* kHeaderChecksum = "checksum.header";

}  // namespace balse
