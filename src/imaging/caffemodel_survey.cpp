#include "caffemodel_survey.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "balse/support/protobuf.hpp"

namespace balse {
namespace {

using Field = ProtobufField;
constexpr std::uint32_t kVarint = Field::kVarint;
constexpr std::uint32_t kBytes = Field::kBytes;

class Walk : public ProtobufWalk {
 public:
  Walk(std::span<const std::byte> message, const std::string& path)
      : ProtobufWalk(message, path, {".caffemodel", "trained weights as Caffe writes them"}) {}
};

/// The numbers of caffe.proto's fields.
struct LayerFields {
  std::uint32_t in_net;
  std::uint32_t name;
  std::uint32_t type;  ///< a number in V1, a word in V2
  std::uint32_t blobs;
};
constexpr LayerFields kV1 = {2, 4, 5, 6};
constexpr LayerFields kV2 = {100, 1, 2, 7};
constexpr std::uint64_t kV1InnerProduct = 14;
constexpr std::string_view kV2InnerProduct = "InnerProduct";
constexpr std::uint32_t kOldShapeFirst = 1;  // num, channels, height, width
constexpr std::uint32_t kOldShapeLast = 4;
constexpr std::uint32_t kData = 5;
constexpr std::uint32_t kShape = 7;
constexpr std::uint32_t kShapeDimension = 1;

std::vector<std::uint64_t> read_shape(std::span<const std::byte> message, const std::string& path) {
  std::vector<std::uint64_t> shape;
  Walk walk(message, path);
  for (Field field; walk.next(field);) {
    if (field.number != kShapeDimension) {
      continue;
    }
    if (field.wire == kVarint) {
      shape.push_back(field.value);
      continue;
    }
    Walk packed(field.bytes, path);
    for (std::uint64_t value = 0; packed.next(value);) {
      shape.push_back(value);
    }
  }
  return shape;
}

/// Whether `shape` has `count` elements, without overflowing.
bool holds(const std::vector<std::uint64_t>& shape, std::uint64_t count) {
  std::uint64_t product = 1;
  for (const std::uint64_t dimension : shape) {
    if (dimension == 0 || product > count / dimension) {
      return false;
    }
    product *= dimension;
  }
  return product == count && shape.size() <= 8;
}

std::vector<std::uint64_t> survey_blob(std::span<const std::byte> message, const std::string& layer,
                                       const std::string& path) {
  std::array<std::uint64_t, 4> old_shape = {0, 0, 0, 0};
  bool has_old_shape = false;
  std::vector<std::uint64_t> shape;
  std::uint64_t floats = 0;
  Walk walk(message, path);
  for (Field field; walk.next(field);) {
    if (field.number >= kOldShapeFirst && field.number <= kOldShapeLast && field.wire == kVarint) {
      old_shape[field.number - kOldShapeFirst] = field.value;
      has_old_shape = true;
    } else if (field.number == kData) {
      floats += field.bytes.size() / sizeof(float);
    } else if (field.number == kShape && field.wire == kBytes) {
      const std::vector<std::uint64_t> more = read_shape(field.bytes, path);
      shape.insert(shape.end(), more.begin(), more.end());
    }
  }
  if (has_old_shape) {
    // OpenCV, as Caffe, prefers the old form where both are given.
    shape.assign(old_shape.begin(), old_shape.end());
  }
  if (!holds(shape, floats)) {
    std::string text;
    for (const std::uint64_t dimension : shape) {
      text += (text.empty() ? "" : " x ") + std::to_string(dimension);
    }
    walk.fail("a blob of layer " + shorten(layer) + " with " + std::to_string(floats) +
              " floats and the shape " + (text.empty() ? "of a single number" : shorten(text)));
  }
  return shape;
}

CaffeLayerShape survey_layer(std::span<const std::byte> message, const LayerFields& fields,
                             const std::string& path) {
  CaffeLayerShape layer;
  std::vector<std::span<const std::byte>> blobs;
  Walk walk(message, path);
  for (Field field; walk.next(field);) {
    const std::string_view text(reinterpret_cast<const char*>(field.bytes.data()),
                                field.bytes.size());
    if (field.wire == kBytes && field.number == fields.name) {
      layer.name = text;
    } else if (field.number == fields.type) {
      layer.inner_product =
          field.wire == kVarint ? field.value == kV1InnerProduct : text == kV2InnerProduct;
    } else if (field.wire == kBytes && field.number == fields.blobs) {
      blobs.push_back(field.bytes);
    }
  }
  for (const std::span<const std::byte> blob : blobs) {
    layer.blobs.push_back(survey_blob(blob, layer.name, path));
  }
  return layer;
}

}  // namespace

std::vector<CaffeLayerShape> survey_caffemodel(std::span<const std::byte> file,
                                               const std::string& path) {
  std::vector<CaffeLayerShape> layers;
  Walk walk(file, path);
  for (Field field; walk.next(field);) {
    for (const LayerFields& fields : {kV1, kV2}) {
      if (field.number == fields.in_net && field.wire == kBytes) {
        layers.push_back(survey_layer(field.bytes, fields, path));
      }
    }
  }
  std::erase_if(layers, [](const CaffeLayerShape& layer) { return layer.blobs.empty(); });
  if (layers.empty()) {
    walk.fail("no layer with weights");
  }
  return layers;
}

}  // namespace balse
