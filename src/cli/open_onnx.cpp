// The same for a tagger in ONNX, of which its file says much.

#include <algorithm>
#include <filesystem>
#include <optional>

#include "balse/data/sha256.hpp"
#include "balse/support/error.hpp"
#include "balse/tagging/engine.hpp"
#include "balse/tagging/onnx_model.hpp"
#include "balse/tagging/onnx_runtime.hpp"

#include "tagger_options.hpp"

namespace balse::cli {

std::string TaggerOptions::onnx_embedding(const OnnxModel& model, const OnnxPlan& plan,
                                          const TaggerDescription& description) const {
  std::string name = description.embedding;
  if (name.empty()) {
    const auto features = onnx_features(weights_path_, plan.output);
    if (!features) {
      throw Error(ErrorKind::usage,
                  {.file = weights_path_,
                   .found = "--embedding of a model whose last layer is no product of matrices",
                   .expected = "\"embedding\", the name of a tensor, in the file of --tagger"});
    }
    name = *features;
  } else if (!has_onnx_tensor(weights_path_, name)) {
    throw Error(ErrorKind::bad_data,
                {.file = tagger_.empty() ? weights_path_ : tagger_,
                 .found = "\"embedding\" " + shorten(name) + ", which no layer of the model makes",
                 .expected = "the name of a tensor in " + printable(weights_path_)});
  }
  if (!model.data_files.empty() && !has_output(model, name)) {
    throw Error(ErrorKind::usage,
                {.file = weights_path_,
                 .found = "--embedding of a model whose weights are in a file of their own, " +
                          printable(model.data_files.front()),
                 .expected = "a model in one file, or one that gives its embedding out"});
  }
  return name;
}

void TaggerOptions::check_input_size(const InputSpec& asked, const InputSpec& of_model) const {
  if (!input_size_.empty() && !is_of_old_config() &&
      (of_model.width != asked.width || of_model.height != asked.height)) {
    throw Error(ErrorKind::usage,
                {.file = weights_path_,
                 .found = "--input-size " + shorten(input_size_),
                 .expected = std::to_string(of_model.width) + " x " +
                             std::to_string(of_model.height) + ", as the model says"});
  }
}

void TaggerOptions::open_onnx(Tagger& tagger, const NetworkOptions& options) const {
  if (device_.value() == Device::cuda || precision_.value() == Precision::bfloat16) {
    throw Error(ErrorKind::usage,
                {.file = weights_path_,
                 .found = "--device cuda or --precision bfloat16 with an ONNX model",
                 .expected = "the processor, and what the model says itself"});
  }
  tagger.tags = tag_list(std::nullopt, tagger.description);
  OnnxSession session;
  session.runtime = find_onnxruntime(onnxruntime_);
  session.model = weights_path_;
  const OnnxModel model = read_onnx_model(weights_path_);
  session.plan = plan_onnx(model, tagger.description, tagger.tags.size(), weights_path_);
  for (const std::string& name : model.data_files) {
    const std::filesystem::path data = std::filesystem::path(weights_path_).parent_path() / name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(data, ignored)) {  // where not, the runtime says so
      tagger.fingerprint += " " + file_fingerprint(data.string());
    }
  }
  if (session.plan.tags != 0) {  // before an hour of work, where the model says it
    check_outputs(session.plan.tags, tagger.tags, list_path(tagger.description));
  }
  session.activation = tagger.description.activation;
  if (options.features) {
    session.embedding = onnx_embedding(model, session.plan, tagger.description);
  }
  check_input_size(tagger.description.input, session.plan.spec);
  tagger.description.input = session.plan.spec;
  NetworkOptions few = options;
  // More pictures at once are not faster on a processor, and a transformer's attention is large.
  constexpr std::size_t kAtOnce = 4;
  few.batch = std::max(std::min(few.batch, kAtOnce), session.plan.fixed_batch);
  tagger.batch = few.batch;
  tagger.start = [session, few] { return onnx_engine(session, few); };
}

}  // namespace balse::cli
