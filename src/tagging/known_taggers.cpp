// What is public of the taggers that people use: their model cards, and the programs that their
// authors show them with. In gray levels, so that a deviation of 0.5 is 127.5.

#include <algorithm>
#include <array>
#include <string_view>

#include "balse/tagging/tagger_description.hpp"

namespace balse {
namespace {

struct KnownTagger {
  std::string_view name;
  std::string_view json;
};

constexpr std::array<KnownTagger, 6> kKnownTaggers = {{
    // Saito and Matsui 2015; github.com/rezoo/illustration2vec. What the paper's authors did.
    {"illustration2vec", R"({
  "name": "illustration2vec",
  "size": 224, "layout": "nchw", "colors": "bgr",
  "mean": [164.76139251, 167.47864617, 181.13838569], "deviation": [1, 1, 1],
  "resize": "points", "fit": "stretch", "alpha": "drop",
  "activation": "none",
  "tag_list": "tag_list.json",
  "thresholds": {"all": 0.1}
})"},
    // SmilingWolf's wd-vit, -swinv2, -convnext, -vit-large and -eva02-large-tagger-v3, and v2.
    {"wd-v3", R"({
  "name": "wd-v3",
  "size": 448, "layout": "nhwc", "colors": "bgr",
  "mean": [0, 0, 0], "deviation": [1, 1, 1],
  "resize": "bicubic", "fit": "pad", "border": [255, 255, 255], "alpha": "white",
  "activation": "none",
  "tag_list": "selected_tags.csv",
  "thresholds": {"all": 0.35, "character": 0.85}
})"},
    // pixai-labs/pixai-tagger-v0.9, as deepghs made ONNX of it.
    {"pixai", R"({
  "name": "pixai",
  "size": 448, "layout": "nchw", "colors": "rgb",
  "mean": [127.5, 127.5, 127.5], "deviation": [127.5, 127.5, 127.5],
  "resize": "bilinear", "fit": "stretch", "alpha": "white",
  "activation": "sigmoid", "output": "logits", "embedding": "embedding",
  "tag_list": "selected_tags.csv",
  "thresholds": {"all": 0.3, "character": 0.75}
})"},
    // cella110n/cl_tagger.
    {"cl", R"({
  "name": "cl",
  "size": 448, "layout": "nchw", "colors": "bgr",
  "mean": [127.5, 127.5, 127.5], "deviation": [127.5, 127.5, 127.5],
  "resize": "bicubic", "fit": "pad", "border": [255, 255, 255], "alpha": "white",
  "activation": "sigmoid",
  "tag_list": "tag_mapping.json",
  "thresholds": {"all": 0.45}
})"},
    // Camais03/camie-tagger-v2: its second output is the refined one.
    {"camie", R"({
  "name": "camie",
  "size": 512, "layout": "nchw", "colors": "rgb",
  "mean": [123.675, 116.28, 103.53], "deviation": [58.395, 57.12, 57.375],
  "resize": "lanczos", "fit": "letterbox", "border": [124, 116, 104], "alpha": "white",
  "activation": "sigmoid", "output": "1",
  "tag_list": ["camie-tagger-v2-metadata.json", "metadata.json"],
  "thresholds": {"all": 0.5}
})"},
    // fancyfeast/joytag.
    {"joytag", R"({
  "name": "joytag",
  "size": 448, "layout": "nchw", "colors": "rgb",
  "mean": [122.7709383, 116.7460125, 104.09373615], "deviation": [68.5005327, 66.6321579, 70.32316305],
  "resize": "bicubic", "fit": "pad", "border": [255, 255, 255], "alpha": "white",
  "activation": "sigmoid",
  "tag_list": "top_tags.txt",
  "thresholds": {"all": 0.4}
})"},
}};

}  // namespace

std::vector<std::string> known_taggers() {
  std::vector<std::string> names;
  names.reserve(kKnownTaggers.size());
  for (const KnownTagger& tagger : kKnownTaggers) {
    names.emplace_back(tagger.name);
  }
  return names;
}

std::string_view known_tagger_json(std::string_view name) {
  const auto* const found =
      std::find_if(kKnownTaggers.begin(), kKnownTaggers.end(),
                   [&](const KnownTagger& tagger) { return tagger.name == name; });
  return found != kKnownTaggers.end() ? found->json : std::string_view();
}

std::optional<TaggerDescription> known_tagger(std::string_view name) {
  const std::string_view json = known_tagger_json(name);
  if (json.empty()) {
    return std::nullopt;
  }
  return parse_tagger_description(json, std::string(name));
}

}  // namespace balse
