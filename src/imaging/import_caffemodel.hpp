#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "balse/tagging/illustration2vec.hpp"

#include "caffemodel_survey.hpp"

namespace balse {

/// A layer's blobs as OpenCV reads them: of a convolution the kernel and the biases.
struct CaffeLayer {
  std::string name;
  std::vector<std::vector<float>> blobs;
};

/// The blobs of these layers, through OpenCV's dnn module, which knows both encodings and their
/// older forms. `layers` must come from a survey of the same file: OpenCV allocates what a shape
/// says before it looks whether the numbers are there.
std::vector<CaffeLayer> read_caffe_layers(std::span<const std::byte> file, const std::string& path,
                                          const std::vector<CaffeLayerShape>& layers);

/// CaffemodelImporter::import_caffemodel().
Illustration2VecWeights import_caffemodel(std::span<const std::byte> file, const std::string& path);

}  // namespace balse
