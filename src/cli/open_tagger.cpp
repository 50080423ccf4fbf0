// From options to a tagger that is ready to start.

#include <filesystem>
#include <utility>

#include "balse/data/sha256.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/tagging/engine.hpp"

#include "tagger_options.hpp"

namespace balse::cli {
namespace {

/// Those who begin have none yet.
void check_weights(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw Error(ErrorKind::no_input,
                {.file = path,
                 .found = "no such file",
                 .expected = "the weights of a network",
                 .hint = "scripts/download_models.sh, which fetches Illustration2Vec's, or "
                         "models/demo/demo_tagger.caffemodel, which knows the drawings of balse "
                         "synth --posters"});
  }
}

}  // namespace

void TaggerOptions::check_outputs(std::size_t outputs, const TagList& tags,
                                  const std::string& list) const {
  if (outputs != tags.size()) {
    throw Error(
        ErrorKind::bad_data,
        {.file = list,
         .found = "names " + counted(tags.size(), "tag"),
         .expected = std::to_string(outputs) + ", one for each output of the network in " +
                     printable(weights_path_),
         .hint = std::string(tags_option_) + " FILE, with the list that belongs to these weights"});
  }
}

Illustration2VecTagger TaggerOptions::read() const {
  check_weights(weights_path_);
  const TaggerEngine& engine = tagger_engine(weights_path_);
  if (engine.format == TaggerFormat::torchscript || engine.format == TaggerFormat::onnx) {
    throw Error(ErrorKind::usage, {.file = weights_path_,
                                   .found = std::string(engine.name) + ", which is not converted",
                                   .expected = "an Illustration2Vec .caffemodel"});
  }
  refuse_described_options();
  const TaggerDescription description = *known_tagger(kIllustration2Vec);
  Illustration2VecTagger tagger = read_illustration2vec(weights_path_);
  const std::string list = !tags_path_.empty() ? tags_path_
                           : tagger.tags       ? weights_path_
                                               : list_beside(description);
  tagger.tags = tag_list(tagger.tags, description);
  check_outputs(tagger.weights.outputs(), *tagger.tags, list);
  return tagger;
}

void TaggerOptions::check_permission() const {
  if (described_options_.empty()) {
    throw Error(ErrorKind::usage, {.file = weights_path_,
                                   .found = "TorchScript, which balse tag runs alone",
                                   .expected = "weights of Illustration2Vec",
                                   .hint = "balse tag first, and what it wrote as --tags"});
  }
  if (!allow_torchscript_ && !unsafe_torchscript_) {
    throw Error(ErrorKind::usage,
                {.file = weights_path_,
                 .found = "a TorchScript, which is a program that whoever made it runs here",
                 .expected = "weights of Illustration2Vec, which run nothing",
                 .hint = "--allow-torchscript, which shuts it in, if you mean to run it"});
  }
  if (device_.value() == Device::cuda && !unsafe_torchscript_) {
    throw Error(
        ErrorKind::usage,
        {.file = weights_path_,
         .found = "--device cuda with a TorchScript, which is shut in and reaches no device",
         .hint = "--device cpu, or --unsafe-torchscript if you trust whoever made it"});
  }
}

Tagger TaggerOptions::open(std::size_t batch, bool embeddings) const {
  const NetworkOptions options{.device = device_.value(),
                               .precision = precision_.value(),
                               .threads = threads(),
                               .batch = batch,
                               .features = embeddings,
                               .confined = !unsafe_torchscript_};
  check_weights(weights_path_);
  const TaggerEngine& engine = tagger_engine(weights_path_);
  Tagger tagger;
  tagger.batch = batch;
  if (engine.isolation == Isolation::confined) {
    check_permission();
  }
  if (engine.format == TaggerFormat::onnx) {
    tagger.description = describe(engine.format);
    open_onnx(tagger, options);
  } else if (engine.format == TaggerFormat::torchscript) {
    if (embeddings) {
      throw Error(ErrorKind::usage,
                  {.file = weights_path_,
                   .found = "--embedding of a TorchScript, which shows its outputs alone",
                   .expected = "Illustration2Vec or an ONNX model"});
    }
    tagger.description = describe(engine.format);
    tagger.tags = tag_list(std::nullopt, tagger.description);
    tagger.start = [this, description = tagger.description, options] {
      return torchscript_engine(weights_path_, description.input, description.activation, options);
    };
  } else {
    auto read_tagger = std::make_shared<Illustration2VecTagger>(read());
    tagger.description = describe(engine.format);
    tagger.tags = *read_tagger->tags;
    // Hands the weights over: they are large, and the network has its own copy.
    tagger.start = [read_tagger, options]() mutable {
      const auto last = std::exchange(read_tagger, nullptr);
      return illustration2vec_engine(std::move(last->weights), options);
    };
  }
  tagger.is_undescribed = engine.format != TaggerFormat::onnx &&
                          (engine.format != TaggerFormat::torchscript || tagger_.empty());
  tagger.decode = {.alpha = tagger.description.over_white ? Alpha::over_white : Alpha::drop,
                   .eight_bits = tagger.description.input.resampling != Resampling::points};
  tagger.check = [this, tags = tagger.tags, list = list_path(tagger.description)](
                     Network& network) { check_outputs(network.outputs(), tags, list); };
  tagger.fingerprint = file_fingerprint(weights_path_) + tagger.fingerprint;
  return tagger;
}

}  // namespace balse::cli
