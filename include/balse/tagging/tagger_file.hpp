#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "balse/tagging/illustration2vec.hpp"
#include "balse/tagging/tag_list.hpp"

namespace balse {

class AtomicFile;

/// The forms in which a tagger's weights come.
enum class TaggerFormat {
  caffemodel,   ///< Illustration2Vec as published
  safetensors,  ///< the same as `balse tag --convert` writes it
  torchscript,  ///< any network, as torch.jit.save() writes it
  onnx          ///< any network, as today's taggers are published
};

/// How far what runs a tagger is trusted.
enum class Isolation {
  process,  ///< a process of its own: what crashes, hangs or takes all memory is an error here
  confined  ///< and it can open no file, no connection and no process: the file is a program
};

/// What runs the taggers of a form.
struct TaggerEngine {
  TaggerFormat format;
  const char* name;  ///< as in "Illustration2Vec"
  /// Whether a file that begins so is one.
  bool (*recognises)(std::span<const std::byte> head);
  const char* library;
  Isolation isolation;
};
std::span<const TaggerEngine> tagger_engines();

/// Told by the first bytes; a file that nobody knows is taken for a .caffemodel. Throws
/// Error(bad_data), with what it is, for a file of other programs or none of weights (a pointer of
/// Git LFS, a web page, a pickle, Keras, TFLite), Error(no_input) where it cannot be read.
const TaggerEngine& tagger_engine(const std::string& path);
inline TaggerFormat tagger_format(const std::string& path) {
  return tagger_engine(path).format;
}

/// An Illustration2Vec tagger, and its tag list where the file holds one.
struct Illustration2VecTagger {
  Illustration2VecWeights weights;
  std::optional<TagList> tags;
};

/// Reads a .caffemodel or .safetensors. Throws Error(bad_data), in one sentence, for a file that is
/// neither, is damaged or truncated, or whose shapes do not fit the topology.
Illustration2VecTagger read_illustration2vec(const std::string& path);

/// As safetensors: "conv1_1.weight" (outputs x inputs x 3 x 3), "conv1_1.bias", ... in float32; the
/// tag list is in the metadata, as JSON.
void write_illustration2vec(AtomicFile& file, const Illustration2VecWeights& weights,
                            const TagList& tags);

}  // namespace balse
