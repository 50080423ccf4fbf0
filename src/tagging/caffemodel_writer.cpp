#include "caffemodel_writer.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace balse {
namespace {

static_assert(std::endian::native == std::endian::little, "protobuf's floats are little-endian");

/// Protocol buffers' wire format (protobuf.dev/programming-guides/encoding), as far as is needed.
class Message {
 public:
  void number(std::uint32_t field, std::uint64_t value) {
    varint(std::uint64_t{field} << 3);
    varint(value);
  }
  void text(std::uint32_t field, std::string_view bytes) {
    varint(std::uint64_t{field} << 3 | 2);
    varint(bytes.size());
    bytes_ += bytes;
  }
  void floats(std::uint32_t field, const std::vector<float>& values) {
    text(field, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
  }
  void packed(std::uint32_t field, const std::vector<std::uint32_t>& values) {
    Message inner;
    for (const std::uint32_t value : values) {
      inner.varint(value);
    }
    text(field, inner.bytes_);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      bytes_ += static_cast<char>((value & 0x7f) | 0x80);
      value >>= 7;
    }
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

// Field numbers of caffe.proto.
constexpr std::uint32_t kNetName = 1;
constexpr std::uint32_t kNetLayersV1 = 2;
constexpr std::uint32_t kNetLayer = 100;
constexpr std::uint32_t kBlobData = 5;
constexpr std::uint32_t kBlobShape = 7;
constexpr std::uint32_t kShapeDim = 1;
constexpr std::uint64_t kV1Convolution = 4;

std::string blob(const std::vector<std::uint32_t>& shape, const std::vector<float>& data,
                 CaffeEncoding encoding) {
  Message message;
  if (encoding == CaffeEncoding::v1) {
    // num, channels, height, width: fields 1 to 4, short shapes filled with ones in front.
    for (std::uint32_t field = 1; field <= 4; ++field) {
      const std::size_t missing = 4 - shape.size();
      message.number(field, field <= missing ? 1 : shape[field - 1 - missing]);
    }
    message.floats(kBlobData, data);
  } else {
    message.floats(kBlobData, data);
    Message dimensions;
    dimensions.packed(kShapeDim, shape);
    message.text(kBlobShape, dimensions.bytes());
  }
  return message.bytes();
}

std::string layer(std::string_view name, const ConvolutionWeights& weights,
                  CaffeEncoding encoding) {
  const std::vector<std::uint32_t> shape = {weights.outputs, weights.inputs, 3, 3};
  const std::string kernel = blob(shape, weights.weights, encoding);
  const std::string bias = blob({weights.outputs}, weights.biases, encoding);
  Message message;
  if (encoding == CaffeEncoding::v1) {
    message.text(4, name);
    message.number(5, kV1Convolution);
    message.text(6, kernel);
    message.text(6, bias);
  } else {
    message.text(1, name);
    message.text(2, "Convolution");
    message.text(7, kernel);
    message.text(7, bias);
  }
  return message.bytes();
}

}  // namespace

std::string caffemodel_bytes(const Illustration2VecWeights& weights, CaffeEncoding encoding) {
  Message net;
  net.text(kNetName, "illust2vec_tag");
  for (std::size_t k = 0; k < weights.layers.size(); ++k) {
    net.text(encoding == CaffeEncoding::v1 ? kNetLayersV1 : kNetLayer,
             layer(kIllustration2VecLayers[k].name, weights.layers[k], encoding));
  }
  return net.bytes();
}

}  // namespace balse
