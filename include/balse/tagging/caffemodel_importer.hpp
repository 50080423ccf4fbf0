#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "balse/tagging/illustration2vec.hpp"

namespace balse {

/// Reads Caffe's files of weights, in the module of imaging().
class CaffemodelImporter {
 public:
  virtual ~CaffemodelImporter() = default;
  CaffemodelImporter() = default;
  CaffemodelImporter(const CaffemodelImporter&) = delete;
  CaffemodelImporter& operator=(const CaffemodelImporter&) = delete;

  /// Reads an Illustration2Vec tagger from a .caffemodel of either encoding. Layers are found by
  /// name; all others (of a training net) are passed over. Throws Error(bad_data) for a file that
  /// is none, is truncated, lacks a layer, or whose shapes do not fit the topology; nothing is
  /// allocated that the file's own size does not justify. `path` is for messages.
  virtual Illustration2VecWeights import_caffemodel(std::span<const std::byte> file,
                                                    const std::string& path) const = 0;
};

/// Throws Error(no_input) where the module cannot be loaded.
const CaffemodelImporter& caffemodel_importer();

}  // namespace balse
