#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balse/tagging/preprocessing.hpp"
#include "balse/tagging/tagger_description.hpp"

namespace balse {

/// An input or output of an ONNX model.
struct OnnxTensor {
  static constexpr std::int64_t kFree = -1;  ///< a dimension of any size

  std::string name;
  int type = 0;  ///< onnx.TensorProto.DataType; 1 is float32
  std::vector<std::int64_t> shape;
};

/// What an ONNX file says of its model; its weights and operators are not looked at.
struct OnnxModel {
  std::int64_t format = 0;  ///< ir_version
  std::int64_t opset = 0;   ///< of the standard operators
  std::string producer;
  std::vector<OnnxTensor> inputs;  ///< without weights
  std::vector<OnnxTensor> outputs;
  /// Files beside the model that hold weights of it.
  std::vector<std::string> data_files;
};

bool has_output(const OnnxModel& model, std::string_view name);
/// Whether a layer of the model makes this tensor.
bool has_onnx_tensor(const std::string& path, std::string_view name);

/// Whether a file begins as an ONNX model: an ir_version, then another field of its own.
bool is_onnx(std::span<const std::byte> head);

/// Throws Error(bad_data) for anything else.
OnnxModel read_onnx_model(const std::string& path);

/// How a tagger's model is run.
struct OnnxPlan {
  std::string input;
  std::string output;
  std::size_t tags = 0;         ///< 0: the file does not say
  std::size_t fixed_batch = 0;  ///< 0: as many pictures as there are
  InputSpec spec;               ///< the description's, with the model's own size and layout
};

/// Throws Error(bad_data) where the model does not take pictures or gives no tags, or has no output
/// that the description names, or several of which none has `tags` values.
OnnxPlan plan_onnx(const OnnxModel& model, const TaggerDescription& tagger, std::size_t tags,
                   const std::string& path);

/// The tensor that the last layer (the last product of a matrix of weights) makes `output` of: the
/// features of a picture. Nothing where no such layer is found.
std::optional<std::string> onnx_features(const std::string& path, const std::string& output);

/// What to put behind the bytes of an ONNX file so that the model also gives out this tensor:
/// messages that follow each other are one.
std::string onnx_with_output(std::string_view tensor);

}  // namespace balse
