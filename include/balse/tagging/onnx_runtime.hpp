#pragma once

#include <memory>
#include <string>

#include "balse/tagging/network.hpp"
#include "balse/tagging/onnx_model.hpp"

namespace balse {

/// Where to look for ONNX Runtime (libonnxruntime.so) after `chosen`, a file or a folder that has
/// it, which is what somebody named and then the only place: the environment variable
/// BALSE_ONNXRUNTIME, which means the same; lib/balse beside the program; what the system's loader
/// finds; /usr/local and /opt; and what npm and pip install for this user or all. Never the current
/// folder. Returns a file. Throws Error(no_input), which says where to get it.
std::string find_onnxruntime(const std::string& chosen);

/// Loads it, which stays. Throws Error(no_input) where it does not load or is too old.
void check_onnxruntime(const std::string& library);

/// A tagger in ONNX Runtime, from the library find_onnxruntime() found. `tags` and
/// `embedding_width` are 0 where the model does not say. Reads the model, so that its file is not
/// needed afterwards. Throws Error: no_input where the library does not load, bad_data for a model
/// that it refuses or that does not run.
struct OnnxSession {
  std::string runtime;  ///< the file of ONNX Runtime
  std::string model;
  OnnxPlan plan;
  Activation activation = Activation::none;
  std::string embedding;  ///< the tensor of the features; empty: not wanted
};
std::unique_ptr<Network> make_onnx_network(const OnnxSession& session,
                                           const NetworkOptions& options);

}  // namespace balse
