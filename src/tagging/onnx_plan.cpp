// How a tagger's ONNX model is run, by what it says and what its description says.

#include <algorithm>

#include "balse/support/error.hpp"
#include "balse/tagging/onnx_model.hpp"

namespace balse {
namespace {

[[noreturn]] void refuse_model(const std::string& path, const std::string& found,
                               const std::string& expected) {
  throw Error(ErrorKind::bad_data, {.file = path, .found = found, .expected = expected});
}

std::string tensor_text(const OnnxTensor& tensor) {
  std::string text = tensor.name + " (";
  for (std::size_t k = 0; k < tensor.shape.size(); ++k) {
    text += k > 0 ? " x " : "";
    text += tensor.shape[k] < 0 ? "any" : std::to_string(tensor.shape[k]);
  }
  return printable(text + ")");
}

std::string tensor_text(const std::vector<OnnxTensor>& tensors) {
  std::string text;
  for (const OnnxTensor& tensor : tensors) {
    text += (text.empty() ? "" : ", ") + tensor_text(tensor);
  }
  constexpr std::size_t kMost = 300;
  return text.empty() ? "none" : shorten(text, kMost);
}

/// Where the model says so: three channels before or behind the pixels.
void take_shape(const OnnxTensor& input, OnnxPlan& plan, const std::string& path) {
  const auto& shape = input.shape;
  constexpr std::int64_t kChannels = 3;
  if (shape[1] == kChannels && shape[3] != kChannels) {
    plan.spec.layout = Layout::nchw;
  } else if (shape[3] == kChannels && shape[1] != kChannels) {
    plan.spec.layout = Layout::nhwc;
  }
  const bool nchw = plan.spec.layout == Layout::nchw;
  const std::int64_t channels = nchw ? shape[1] : shape[3];
  if (channels > 0 && channels != kChannels) {
    refuse_model(path, "an input " + tensor_text(input), "pictures of three channels");
  }
  const auto take = [](std::int64_t from, std::size_t& to) {
    to = from > 0 ? static_cast<std::size_t>(from) : to;
  };
  take(nchw ? shape[2] : shape[1], plan.spec.height);
  take(nchw ? shape[3] : shape[2], plan.spec.width);
  constexpr std::int64_t kLargestBatch = 256;
  if (shape[0] > kLargestBatch) {
    refuse_model(path, "an input " + tensor_text(input),
                 "at most " + std::to_string(kLargestBatch) + " pictures at once");
  }
  plan.fixed_batch = shape[0] > 0 ? static_cast<std::size_t>(shape[0]) : 0;
  if (const std::string problem = plan.spec.validate(); !problem.empty()) {
    refuse_model(path, problem, "pictures as --tagger describes them");
  }
}

std::int64_t values_of(const OnnxTensor& output) {
  return output.shape.size() < 2 ? OnnxTensor::kFree : output.shape[1];
}

const OnnxTensor& tag_output(const OnnxModel& model, const TaggerDescription& tagger,
                             std::size_t tags, const std::string& path) {
  for (std::size_t k = 0; k < model.outputs.size(); ++k) {
    if (!tagger.output.empty() &&
        (model.outputs[k].name == tagger.output || std::to_string(k) == tagger.output)) {
      return model.outputs[k];
    }
  }
  if (model.outputs.size() == 1 && tagger.output.empty()) {
    return model.outputs.front();
  }
  const OnnxTensor* found = nullptr;
  for (const OnnxTensor& output : model.outputs) {
    if (tagger.output.empty() && values_of(output) == static_cast<std::int64_t>(tags)) {
      if (found != nullptr) {
        found = nullptr;
        break;
      }
      found = &output;
    }
  }
  if (found == nullptr) {
    refuse_model(
        path, "outputs " + tensor_text(model.outputs),
        tagger.output.empty()
            ? "one of " + std::to_string(tags) + " values, or \"output\" in --tagger"
            : "one that is called " + printable(tagger.output) + ", as the description says");
  }
  return *found;
}

}  // namespace

OnnxPlan plan_onnx(const OnnxModel& model, const TaggerDescription& tagger, std::size_t tags,
                   const std::string& path) {
  constexpr int kFloat32 = 1;
  if (model.inputs.size() != 1 || model.inputs.front().shape.size() != 4) {
    refuse_model(path, "inputs " + tensor_text(model.inputs),
                 "one, of pictures x channels x height x width");
  }
  if (model.inputs.front().type != kFloat32) {
    refuse_model(path, "an input that is not of float32",
                 "a model that was not converted to halves");
  }
  OnnxPlan plan{.input = model.inputs.front().name, .spec = tagger.input};
  take_shape(model.inputs.front(), plan, path);
  const OnnxTensor& output = tag_output(model, tagger, tags, path);
  if (output.type != kFloat32) {
    refuse_model(path, "an output " + tensor_text(output) + " that is not of float32",
                 "probabilities of tags");
  }
  plan.output = output.name;
  plan.tags = values_of(output) > 0 ? static_cast<std::size_t>(values_of(output)) : 0;
  return plan;
}

}  // namespace balse
