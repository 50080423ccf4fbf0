#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/tagging/imaging.hpp"
#include "balse/tagging/network.hpp"
#include "balse/tagging/onnx_model.hpp"
#include "balse/tagging/preprocessing.hpp"
#include "balse/tagging/tag_list.hpp"
#include "balse/tagging/tagger_description.hpp"
#include "balse/tagging/tagger_file.hpp"

#include "choices.hpp"
#include "path_conflicts.hpp"

namespace balse::cli {

/// A network, not loaded yet, and what is known of it without.
struct Tagger {
  TagList tags;
  TaggerDescription description;
  DecodeOptions decode;
  std::size_t batch = 1;        ///< pictures that go through at once
  bool is_undescribed = false;  ///< Illustration2Vec, or TorchScript without --tagger
  std::string fingerprint;      ///< of the weights
  /// Starts the process that will load LibTorch and build the network. Before other threads.
  std::function<std::unique_ptr<Network>()> start;
  /// Has it do so, and checks that there is an output for each tag.
  std::function<void(Network& network)> check;
};

/// The options that choose a tagger and how it runs.
class TaggerOptions {
 public:
  void declare(CLI::App& app);
  /// For a command that does more than tag: the weights, not required, and their list alone.
  void declare_weights(CLI::App& app, const std::string& group);
  std::vector<NamedPath> inputs() const;
  bool has_weights() const { return !weights_path_.empty(); }

  /// Reads weights and tag list. `batch` is how many pictures go through at once. Throws Error.
  /// `embeddings`: the network gives those too.
  Tagger open(std::size_t batch, bool embeddings = false) const;
  /// Only Illustration2Vec's weights and tags, for --convert.
  Illustration2VecTagger read() const;

  /// At least 1, and no more than there are processors: more are slower, and may be more than the
  /// system has to give.
  int threads() const;
  /// What changes a poster's probabilities, but for the weights themselves.
  std::string fingerprint(const Tagger& tagger) const;

 private:
  static constexpr const char* kIllustration2Vec = "illustration2vec";
  static constexpr const char* kInputSize = "224";  ///< of TorchScript
  static std::string known_tagger_names();

  std::string list_beside(const TaggerDescription& description) const;
  /// Where the tags are from that are not in the weights themselves.
  std::string list_path(const TaggerDescription& description) const {
    return tags_path_.empty() ? list_beside(description) : tags_path_;
  }
  TagList tag_list(const std::optional<TagList>& in_weights,
                   const TaggerDescription& description) const;
  /// What --tagger says, or the format, or the list beside an ONNX model; with what single options
  /// say instead.
  TaggerDescription describe(TaggerFormat format) const;
  TaggerDescription guess_onnx() const;
  void apply_options(TaggerDescription& description) const;
  void open_onnx(Tagger& tagger, const NetworkOptions& options) const;
  std::string onnx_embedding(const OnnxModel& model, const OnnxPlan& plan,
                             const TaggerDescription& description) const;
  /// Throws Error where --input-size asks for what the model does not take.
  void check_input_size(const InputSpec& asked, const InputSpec& of_model) const;
  /// Throws Error where there is not one for each tag of `list`.
  void check_outputs(std::size_t outputs, const TagList& tags, const std::string& list) const;
  void refuse_described_options() const;
  bool says(const CLI::Option* option) const;
  bool is_of_old_config() const;
  /// Throws Error where nobody said that a program of others may run.
  void check_permission() const;

  std::string weights_path_;
  std::string tagger_;  ///< a name or a file
  std::string tags_path_;
  std::string onnxruntime_;
  const char* tags_option_ = "--tags";
  Choice<Device> device_{{"cpu", Device::cpu}, {"cuda", Device::cuda}};
  Choice<Precision> precision_{{"float32", Precision::float32}, {"bfloat16", Precision::bfloat16}};
  int threads_ = 0;
  std::string input_size_;
  std::vector<float> mean_;
  std::vector<float> deviation_;
  Choice<ChannelOrder> colors_{{"rgb", ChannelOrder::rgb}, {"bgr", ChannelOrder::bgr}};
  Choice<Activation> activation_{{"none", Activation::none},
                                 {"sigmoid", Activation::sigmoid},
                                 {"softmax", Activation::softmax}};
  Choice<bool> alpha_{{"white", true}, {"drop", false}};
  bool allow_torchscript_ = false;
  bool unsafe_torchscript_ = false;
  std::vector<CLI::Option*> described_options_;  ///< those that a description says as well
};

}  // namespace balse::cli
