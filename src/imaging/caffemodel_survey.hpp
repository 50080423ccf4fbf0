#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace balse {

/// What a .caffemodel says of a layer.
struct CaffeLayerShape {
  std::string name;
  bool inner_product = false;  ///< else a convolution, or a kind that this program does not read
  std::vector<std::vector<std::uint64_t>> blobs;  ///< dimensions, the outermost first
};

/// Walks a .caffemodel (protocol buffers, message NetParameter, either encoding) without reading
/// its numbers: which layers have blobs, of which shapes. Throws Error(bad_data) where the file is
/// none or is truncated, and where a blob holds another number of floats than its shape says, so
/// that whoever reads it afterwards need not fear its shapes.
std::vector<CaffeLayerShape> survey_caffemodel(std::span<const std::byte> file,
                                               const std::string& path);

}  // namespace balse
