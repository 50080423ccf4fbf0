#pragma once

#include <cstddef>
#include <string>

#include "balse/tagging/illustration2vec.hpp"

namespace balse {

/// The two encodings of Caffe's .caffemodel (fields of NetParameter in caffe.proto).
enum class CaffeEncoding {
  v1,  ///< `layers` (field 2), blobs with the four numbers of the old shape
  v2   ///< `layer` (field 100), blobs with a list of dimensions
};

/// The bytes of a .caffemodel with these weights, as Caffe writes one.
std::string caffemodel_bytes(const Illustration2VecWeights& weights, CaffeEncoding encoding);

}  // namespace balse
