#include "import_caffemodel.hpp"

#include <algorithm>
#include <opencv2/dnn.hpp>
#include <sstream>

#include <climits>

#include "balse/support/error.hpp"

namespace balse {
namespace {

constexpr const char* kExpected =
    "the Illustration2Vec tagger, such as illust2vec_tag_ver200.caffemodel";

[[noreturn]] void refuse_caffemodel(const std::string& path, const std::string& found) {
  throw Error(ErrorKind::bad_data, {.file = path, .found = found, .expected = kExpected});
}

/// A net in Caffe's text format that has just these layers, all fed by the input: OpenCV hands out
/// blobs of layers that a net has, and takes names and widths from such a text.
std::string net_text(const std::vector<CaffeLayerShape>& layers) {
  std::ostringstream text;
  text << "input: \"data\"\n";
  for (const CaffeLayerShape& layer : layers) {
    const std::vector<std::uint64_t>& kernel = layer.blobs.front();
    text << "layer { name: \"" << layer.name << R"(" bottom: "data" top: ")" << layer.name << "\" ";
    if (!layer.inner_product && kernel.size() == 4) {
      text << "type: \"Convolution\" convolution_param { num_output: " << kernel[0]
           << " kernel_h: " << kernel[2] << " kernel_w: " << kernel[3]
           << " bias_term: " << (layer.blobs.size() > 1 ? "true" : "false") << " } }\n";
    } else {
      // The old shape of an inner product's matrix begins with two ones.
      const std::uint64_t outputs = kernel.size() == 4 ? kernel[2] : kernel[0];
      text << "type: \"InnerProduct\" inner_product_param { num_output: " << outputs
           << " bias_term: " << (layer.blobs.size() > 1 ? "true" : "false") << " } }\n";
    }
  }
  return text.str();
}

std::vector<float> floats(const cv::Mat& blob) {
  const cv::Mat whole = blob.isContinuous() ? blob : blob.clone();
  const auto* const first = whole.ptr<float>();
  return {first, first + whole.total()};
}

/// The 3 x 3 convolutions of the topology, in its order.
std::vector<CaffeLayerShape> topology_layers(const std::vector<CaffeLayerShape>& all,
                                             const std::string& path) {
  std::vector<CaffeLayerShape> layers;
  for (const Illustration2VecLayer& wanted : kIllustration2VecLayers) {
    const auto has_name = [&](const CaffeLayerShape& layer) { return layer.name == wanted.name; };
    const auto count = std::count_if(all.begin(), all.end(), has_name);
    if (count != 1) {
      refuse_caffemodel(
          path, (count == 0 ? "no layer " : "more than one layer ") + std::string(wanted.name));
    }
    const CaffeLayerShape& found = *std::find_if(all.begin(), all.end(), has_name);
    if (found.blobs.size() != 2 || found.blobs[0].size() != 4 || found.blobs[0][2] != 3 ||
        found.blobs[0][3] != 3) {
      refuse_caffemodel(path,
                        "a layer " + found.name + " that is no 3 x 3 convolution with biases");
    }
    layers.push_back(found);
  }
  return layers;
}

}  // namespace

std::vector<CaffeLayer> read_caffe_layers(std::span<const std::byte> file, const std::string& path,
                                          const std::vector<CaffeLayerShape>& layers) {
  if (file.size() > INT_MAX) {
    refuse_caffemodel(path, "a file of more than 2 GB");
  }
  std::vector<CaffeLayer> read;
  try {
    const std::string text = net_text(layers);
    cv::dnn::Net net = cv::dnn::readNetFromCaffe(
        text.data(), text.size(), reinterpret_cast<const char*>(file.data()), file.size());
    for (const CaffeLayerShape& layer : layers) {
      CaffeLayer& added = read.emplace_back(CaffeLayer{layer.name, {}});
      const int id = net.getLayerId(layer.name);
      for (std::size_t blob = 0; blob < layer.blobs.size(); ++blob) {
        added.blobs.push_back(floats(net.getParam(id, static_cast<int>(blob))));
      }
    }
  } catch (const cv::Exception& error) {
    refuse_caffemodel(path, "weights that OpenCV does not read: " + shorten(error.err, 200));
  }
  return read;
}

Illustration2VecWeights import_caffemodel(std::span<const std::byte> file,
                                          const std::string& path) {
  const std::vector<CaffeLayerShape> shapes = topology_layers(survey_caffemodel(file, path), path);
  std::vector<CaffeLayer> read = read_caffe_layers(file, path, shapes);
  Illustration2VecWeights weights;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    ConvolutionWeights& layer = weights.layers.emplace_back();
    layer.outputs = static_cast<std::uint32_t>(shapes[k].blobs[0][0]);
    layer.inputs = static_cast<std::uint32_t>(shapes[k].blobs[0][1]);
    layer.weights = std::move(read[k].blobs[0]);
    layer.biases = std::move(read[k].blobs[1]);
  }
  if (const std::string problem = weights.validate(); !problem.empty()) {
    refuse_caffemodel(path, problem);
  }
  return weights;
}

}  // namespace balse
