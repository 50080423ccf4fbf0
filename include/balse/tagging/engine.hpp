#pragma once

#include <memory>
#include <string>

#include "balse/tagging/network.hpp"
#include "balse/tagging/onnx_runtime.hpp"

namespace balse {

// Networks that run in a process of their own, the engine: whatever becomes of LibTorch there (a
// crash, an abort, a wait without end where memory or threads run out) and whatever a script does
// there is an error here. LibTorch is loaded by the first use of outputs() or run(). The process is
// made at once, so call these before there are other threads: it has only the one that called.
//
// What the network throws in the engine is thrown here: Error as it is, anything else that happens
// to Illustration2Vec as Error(out_of_resources), because nothing else is known to harm it. Throws
// Error(out_of_resources) where no process is to be had. The engine ends with its Network, and with
// this process, however that ends.

/// Inference::illustration2vec() in an engine.
std::unique_ptr<Network> illustration2vec_engine(Illustration2VecWeights weights,
                                                 const NetworkOptions& options);

/// Inference::torchscript() in an engine. A script that crashes, takes too long or too much memory
/// is Error(bad_data).
std::unique_ptr<Network> torchscript_engine(const std::string& path, const InputSpec& input,
                                            Activation activation, const NetworkOptions& options);

/// A tagger of ONNX in an engine, run by ONNX Runtime; see balse/tagging/onnx_runtime.hpp. A model
/// that crashes it or takes too long is Error(bad_data).
std::unique_ptr<Network> onnx_engine(const OnnxSession& session, const NetworkOptions& options);

}  // namespace balse
