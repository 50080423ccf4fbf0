#pragma once

#include <cstddef>
#include <opencv2/dnn.hpp>
#include <span>
#include <string>
#include <vector>

#include "balse/tagging/illustration2vec.hpp"
#include "balse/tagging/preprocessing.hpp"

#include "tagging/caffemodel_writer.hpp"

namespace balse::test {

/// The topology in Caffe's text format, written out here once more, with OpenCV's own engine behind
/// it: an independent implementation of what the program runs through LibTorch.
class OpencvNet {
 public:
  OpencvNet(const Illustration2VecWeights& weights, CaffeEncoding encoding)
      : OpencvNet(weights, caffemodel_bytes(weights, encoding)) {}

  OpencvNet(const Illustration2VecWeights& weights, const std::string& model) {
    std::string text = "input: \"data\" input_dim: 1 input_dim: 3 input_dim: 224 input_dim: 224\n";
    std::string top = "data";
    const auto layer = [&](const std::string& name, const std::string& type,
                           const std::string& parameters) {
      text += "layer { name: \"" + name + "\" type: \"" + type + "\" bottom: \"" + top +
              "\" top: \"" + name + "\" " + parameters + " }\n";
      top = name;
    };
    const std::vector<std::string> names = {"conv1_1", "conv2_1", "conv3_1", "conv3_2",
                                            "conv4_1", "conv4_2", "conv5_1", "conv5_2",
                                            "conv6_1", "conv6_2", "conv6_3", "conv6_4"};
    for (std::size_t k = 0; k < names.size(); ++k) {
      layer(names[k], "Convolution",
            "convolution_param { num_output: " + std::to_string(weights.layers[k].outputs) +
                " kernel_size: 3 pad: 1 stride: 1 }");
      if (k + 1 < names.size()) {
        layer("relu_" + names[k], "ReLU", "");
      }
      if (k == 0 || k == 1 || k == 3 || k == 5 || k == 7) {
        layer("pool_" + names[k], "Pooling",
              "pooling_param { pool: MAX kernel_size: 2 stride: 2 }");
      }
    }
    layer("average", "Pooling", "pooling_param { pool: AVE kernel_size: 7 stride: 1 }");
    layer("prob", "Sigmoid", "");
    net_ = cv::dnn::readNetFromCaffe(text.data(), text.size(), model.data(), model.size());
    outputs_ = weights.outputs();
  }

  /// `inputs` as prepare_input() writes them.
  std::vector<float> run(std::span<const float> inputs) {
    const int count = static_cast<int>(inputs.size() / InputSpec{}.values());
    const int shape[] = {count, 3, 224, 224};
    net_.setInput(cv::Mat(4, shape, CV_32F, const_cast<float*>(inputs.data())));
    const cv::Mat result = net_.forward();
    const auto* const first = result.ptr<float>();
    return {first, first + static_cast<std::size_t>(count) * outputs_};
  }

 private:
  cv::dnn::Net net_;
  std::size_t outputs_ = 0;
};

}  // namespace balse::test
