#include "balse/tagging/onnx_model.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/support/protobuf.hpp"

namespace balse {
namespace {

using Bytes = std::span<const std::byte>;
using Field = ProtobufField;

constexpr ProtobufKind kOnnx = {"ONNX model", "a network as its exporter wrote it, model.onnx"};

// The numbers of onnx.proto's fields.
constexpr std::uint32_t kIrVersion = 1;
constexpr std::uint32_t kProducer = 2;
constexpr std::uint32_t kGraph = 7;
constexpr std::uint32_t kOpset = 8;
constexpr std::uint32_t kNode = 1;
constexpr std::uint32_t kInitializer = 5;
constexpr std::uint32_t kInput = 11;
constexpr std::uint32_t kOutput = 12;
constexpr std::uint32_t kNodeInput = 1;
constexpr std::uint32_t kNodeOutput = 2;
constexpr std::uint32_t kNodeType = 4;
constexpr std::uint32_t kTensorName = 8;
constexpr std::uint32_t kTensorExternal = 13;

std::string protobuf_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Calls `visit` for each field of a message.
template <typename Visit>
void walk(Bytes message, const std::string& path, const Visit& visit) {
  ProtobufWalk fields(message, path, kOnnx);
  for (Field field; fields.next(field);) {
    visit(field);
  }
}

/// TensorShapeProto: a dimension is a number, or a name, which is any.
std::vector<std::int64_t> tensor_shape(Bytes message, const std::string& path) {
  std::vector<std::int64_t> shape;
  walk(message, path, [&](const Field& dimension) {
    if (dimension.number != 1) {
      return;
    }
    std::int64_t size = OnnxTensor::kFree;
    walk(dimension.bytes, path, [&](const Field& field) {
      if (field.number == 1 && field.wire == Field::kVarint) {
        size = static_cast<std::int64_t>(field.value);
      }
    });
    shape.push_back(size > 0 ? size : OnnxTensor::kFree);
  });
  return shape;
}

/// ValueInfoProto: a name, and in its type a tensor's type and shape.
OnnxTensor tensor_of(Bytes message, const std::string& path) {
  OnnxTensor tensor;
  walk(message, path, [&](const Field& field) {
    if (field.number == 1) {
      tensor.name = protobuf_text(field.bytes);
    } else if (field.number == 2) {
      walk(field.bytes, path, [&](const Field& type) {
        if (type.number != 1) {  // a sequence, a map
          return;
        }
        walk(type.bytes, path, [&](const Field& part) {
          if (part.number == 1 && part.wire == Field::kVarint) {
            tensor.type = static_cast<int>(part.value);
          } else if (part.number == 2) {
            tensor.shape = tensor_shape(part.bytes, path);
          }
        });
      });
    }
  });
  return tensor;
}

/// TensorProto's name, and the file that its data is in where it is not here; data is passed over.
struct Initializer {
  std::string name;
  std::string data_file;
};

Initializer initializer_of(Bytes message, const std::string& path) {
  Initializer tensor;
  walk(message, path, [&](const Field& field) {
    if (field.number == kTensorName && field.wire == Field::kBytes) {
      tensor.name = protobuf_text(field.bytes);
    } else if (field.number == kTensorExternal && field.wire == Field::kBytes) {
      std::string key;
      std::string value;
      walk(field.bytes, path, [&](const Field& part) {
        (part.number == 1 ? key : value) = protobuf_text(part.bytes);
      });
      if (key == "location") {
        tensor.data_file = value;
      }
    }
  });
  return tensor;
}

template <typename Visit>
void walk_graph(Bytes model, const std::string& path, const Visit& visit) {
  walk(model, path, [&](const Field& field) {
    if (field.number == kGraph && field.wire == Field::kBytes) {
      walk(field.bytes, path, visit);
    }
  });
}

struct Node {
  std::string type;
  std::vector<std::string> inputs;
};

}  // namespace

bool is_onnx(std::span<const std::byte> head) {
  // ir_version as the first field, a number below 32; then one of the fields that may follow.
  if (head.size() < 3 || head[0] != std::byte{kIrVersion << 3} || head[1] >= std::byte{32}) {
    return false;
  }
  const auto next = std::to_integer<std::uint32_t>(head[2]);
  constexpr std::uint32_t kModelVersion = 5;
  return next == (kModelVersion << 3) ||
         ((next & 7) == Field::kBytes && next >> 3 >= kProducer && next >> 3 <= kOpset);
}

OnnxModel read_onnx_model(const std::string& path) {
  const MappedFile file(path);
  OnnxModel model;
  std::unordered_set<std::string> weights;
  walk(file.bytes(), path, [&](const Field& field) {
    if (field.number == kIrVersion && field.wire == Field::kVarint) {
      model.format = static_cast<std::int64_t>(field.value);
    } else if (field.number == kProducer && field.wire == Field::kBytes) {
      model.producer = protobuf_text(field.bytes);
    } else if (field.number == kOpset && field.wire == Field::kBytes) {
      std::string domain;
      std::int64_t version = 0;
      walk(field.bytes, path, [&](const Field& part) {
        if (part.number == 1) {
          domain = protobuf_text(part.bytes);
        } else if (part.number == 2) {
          version = static_cast<std::int64_t>(part.value);
        }
      });
      if (domain.empty() || domain == "ai.onnx") {
        model.opset = version;
      }
    }
  });
  walk_graph(file.bytes(), path, [&](const Field& field) {
    if (field.wire != Field::kBytes) {
      return;
    }
    if (field.number == kInitializer) {
      Initializer tensor = initializer_of(field.bytes, path);
      weights.insert(std::move(tensor.name));
      if (!tensor.data_file.empty() && std::find(model.data_files.begin(), model.data_files.end(),
                                                 tensor.data_file) == model.data_files.end()) {
        model.data_files.push_back(std::move(tensor.data_file));
      }
    } else if (field.number == kInput) {
      model.inputs.push_back(tensor_of(field.bytes, path));
    } else if (field.number == kOutput) {
      model.outputs.push_back(tensor_of(field.bytes, path));
    }
  });
  std::erase_if(model.inputs,
                [&](const OnnxTensor& input) { return weights.contains(input.name); });
  return model;
}

std::optional<std::string> onnx_features(const std::string& path, const std::string& output) {
  const MappedFile file(path);
  std::unordered_set<std::string> weights;
  std::vector<Node> nodes;
  std::unordered_map<std::string, std::size_t> makers;  // of an output, its place in `nodes`
  walk_graph(file.bytes(), path, [&](const Field& field) {
    if (field.number == kInitializer) {
      weights.insert(initializer_of(field.bytes, path).name);
    } else if (field.number == kNode) {
      Node node;
      std::vector<std::string> outputs;
      walk(field.bytes, path, [&](const Field& part) {
        if (part.number == kNodeInput) {
          node.inputs.push_back(protobuf_text(part.bytes));
        } else if (part.number == kNodeOutput) {
          outputs.push_back(protobuf_text(part.bytes));
        } else if (part.number == kNodeType) {
          node.type = protobuf_text(part.bytes);
        }
      });
      for (const std::string& name : outputs) {
        makers[name] = nodes.size();
      }
      nodes.push_back(std::move(node));
    }
  });
  // Back from the tags, past what only changes numbers one by one.
  std::string at = output;
  constexpr int kFarthest = 8;
  for (int step = 0; step < kFarthest; ++step) {
    const auto maker = makers.find(at);
    if (maker == makers.end() || nodes[maker->second].inputs.empty()) {
      return std::nullopt;
    }
    const Node& node = nodes[maker->second];
    if (node.type == "MatMul" || node.type == "Gemm") {
      const auto is_weight = [&](const std::string& name) {
        // Some exporters put the weights through a node of their own.
        const auto made = makers.find(name);
        if (made == makers.end()) {
          return weights.contains(name);
        }
        const Node& by = nodes[made->second];
        return by.type == "Constant" || (!by.inputs.empty() && weights.contains(by.inputs.front()));
      };
      return node.inputs.size() >= 2 && is_weight(node.inputs[1]) ? std::optional(node.inputs[0])
                                                                  : std::nullopt;
    }
    // Of an addition of weights (a bias), the side that is none.
    at = node.inputs.size() > 1 && weights.contains(node.inputs[0]) ? node.inputs[1]
                                                                    : node.inputs[0];
  }
  return std::nullopt;
}

bool has_output(const OnnxModel& model, std::string_view name) {
  return std::any_of(model.outputs.begin(), model.outputs.end(),
                     [&](const OnnxTensor& output) { return output.name == name; });
}

bool has_onnx_tensor(const std::string& path, std::string_view name) {
  const MappedFile file(path);
  bool found = false;
  walk_graph(file.bytes(), path, [&](const Field& field) {
    if (field.number == kNode && field.wire == Field::kBytes) {
      walk(field.bytes, path, [&](const Field& part) {
        found = found || (part.number == kNodeOutput && protobuf_text(part.bytes) == name);
      });
    }
  });
  return found;
}

std::string onnx_with_output(std::string_view tensor) {
  const auto message = [](std::uint32_t number, std::string_view bytes) {
    std::string text(1, static_cast<char>((number << 3) | Field::kBytes));
    for (std::size_t size = bytes.size();; size >>= 7) {
      text += static_cast<char>((size & 0x7f) | (size > 0x7f ? 0x80 : 0));
      if (size <= 0x7f) {
        break;
      }
    }
    return text.append(bytes);
  };
  return message(kGraph, message(kOutput, message(1, tensor)));
}

}  // namespace balse
