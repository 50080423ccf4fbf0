#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "balse/tagging/network.hpp"
#include "balse/tagging/preprocessing.hpp"
#include "balse/tagging/tag_selection.hpp"

namespace balse {

/// What a tagger wants to see and what its outputs mean: all that its weights do not say. Read from
/// JSON, those that the program knows as well as a user's own.
struct TaggerDescription {
  std::string name;
  /// Size, and layout of an ONNX model, are what the weights say, where they do.
  InputSpec input;
  /// Transparent pixels lie over white; otherwise what colour they hide is taken.
  bool over_white = true;
  Activation activation = Activation::none;
  /// Of an ONNX model with several outputs the one with the tags: its name, or its place from 0 on.
  /// Empty: the one that has as many values as there are tags.
  std::string output;
  /// Of an ONNX model the output that --embedding writes; empty: what the last layer sees.
  std::string embedding;
  /// What the list of tags beside the weights is called; the first that is there.
  std::vector<std::string> tag_lists;
  TagThresholds thresholds;

  /// All that changes probabilities, in one line: whether a table was made in the same way.
  std::string fingerprint() const;
};

/// From {"name", "size": 448 or [width, height], "layout": "nhwc" | "nchw", "colors": "rgb" |
/// "bgr", "mean": [..], "deviation": [..] (of gray levels 0 to 255, by channel in that order),
/// "resize": "points" | "bilinear" | "bicubic" | "lanczos", "fit": "stretch" | "pad" | "letterbox",
/// "border": [red, green, blue], "alpha": "white" | "drop", "activation": "none" | "sigmoid" |
/// "softmax", "output", "embedding", "tag_list": name or list of names, "thresholds": {category or
/// "all": number or "mcut"}}; each may be left out. `path` is for messages. Throws Error(bad_data).
TaggerDescription parse_tagger_description(std::string_view json, const std::string& path);
TaggerDescription read_tagger_description(const std::string& path);

/// Those that the program knows: illustration2vec, wd-v3, pixai, cl, camie, joytag.
std::vector<std::string> known_taggers();
/// Nothing where it knows none of this name.
std::optional<TaggerDescription> known_tagger(std::string_view name);
/// Its JSON, to begin one of one's own with.
std::string_view known_tagger_json(std::string_view name);

}  // namespace balse
