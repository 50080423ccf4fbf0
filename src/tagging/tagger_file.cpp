#include "balse/tagging/tagger_file.hpp"

#include <cstring>
#include <span>

#include "balse/data/safetensors.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/tagging/caffemodel_importer.hpp"

namespace balse {
namespace {

constexpr const char* kKind = "balse illustration2vec tagger 1";

Illustration2VecTagger read_safetensors(const std::string& path) {
  const SafetensorsReader reader(path);
  const auto& metadata = reader.metadata();
  const auto kind = metadata.find("kind");
  if (kind == metadata.end() || kind->second != kKind) {
    reader.fail("no tagger", "a file that balse tag --convert wrote");
  }
  if (!reader.has_checksums() || !reader.data_is_intact()) {
    reader.fail("damaged weights", "balse tag --convert");
  }
  Illustration2VecTagger tagger;
  for (const Illustration2VecLayer& layer : kIllustration2VecLayers) {
    const std::string name(layer.name);
    const auto& weight = reader.tensor(name + ".weight", Dtype::f32, 4);
    const auto& bias = reader.tensor(name + ".bias", Dtype::f32, 1);
    if (weight.shape[0] > UINT32_MAX || weight.shape[1] > UINT32_MAX || weight.shape[2] != 3 ||
        weight.shape[3] != 3) {
      reader.fail("a layer " + name + " that is no 3 x 3 convolution");
    }
    const std::span<const float> weights = SafetensorsReader::elements<float>(weight);
    const std::span<const float> biases = SafetensorsReader::elements<float>(bias);
    tagger.weights.layers.push_back({.outputs = static_cast<std::uint32_t>(weight.shape[0]),
                                     .inputs = static_cast<std::uint32_t>(weight.shape[1]),
                                     .weights = {weights.begin(), weights.end()},
                                     .biases = {biases.begin(), biases.end()}});
  }
  if (const std::string problem = tagger.weights.validate(); !problem.empty()) {
    reader.fail(problem);
  }
  if (const auto tags = metadata.find("tags"); tags != metadata.end()) {
    tagger.tags = parse_tag_list(tags->second, path);
  }
  return tagger;
}

}  // namespace

Illustration2VecTagger read_illustration2vec(const std::string& path) {
  if (tagger_format(path) == TaggerFormat::safetensors) {
    return read_safetensors(path);
  }
  const MappedFile file(path);
  return {caffemodel_importer().import_caffemodel(file.bytes(), path), std::nullopt};
}

void write_illustration2vec(AtomicFile& file, const Illustration2VecWeights& weights,
                            const TagList& tags) {
  SafetensorsWriter writer;
  writer.set_metadata("kind", kKind);
  writer.set_metadata("tags", to_json(tags));
  for (std::size_t k = 0; k < weights.layers.size(); ++k) {
    const ConvolutionWeights& layer = weights.layers[k];
    const std::string name(kIllustration2VecLayers[k].name);
    writer.add<float>(name + ".weight", {layer.outputs, layer.inputs, 3, 3}, layer.weights);
    writer.add<float>(name + ".bias", layer.biases);
  }
  writer.write(file);
}

}  // namespace balse
