#include "tagger_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/data/row_text.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"
#include "balse/tagging/engine.hpp"
#include "balse/tagging/onnx_model.hpp"
#include "balse/tagging/onnx_runtime.hpp"

namespace balse::cli {
namespace {

constexpr int kMaxThreads = 256;

/// `list` is where the tags are from.
void check_outputs(std::size_t outputs, const TagList& tags, const std::string& weights,
                   const std::string& list, const std::string& option) {
  if (outputs != tags.size()) {
    throw Error(ErrorKind::bad_data,
                {.file = list,
                 .found = "names " + counted(tags.size(), "tag"),
                 .expected = std::to_string(outputs) + ", one for each output of the network in " +
                             printable(weights),
                 .hint = option + " FILE, with the list that belongs to these weights"});
  }
}

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

void TaggerOptions::declare(CLI::App& app) {
  app.add_option("--weights", weights_path_,
                 "The network: Illustration2Vec as .caffemodel or converted, a tagger as ONNX "
                 "(model.onnx), or any TorchScript tagger")
      ->type_name("FILE")
      ->required();
  app.add_option("--tagger", tagger_,
                 "What the network wants to see: " + known_tagger_names() +
                     ", or a file that describes another (docs/tagging.md). If not given, told by "
                     "the weights and the list beside them")
      ->type_name("NAME|FILE");
  app.add_option("--tags", tags_path_,
                 "What the network's outputs mean: tag_list.json, selected_tags.csv, "
                 "tag_mapping.json, or a name a line; the weights' own list, or else the one "
                 "beside them, if not given")
      ->type_name("FILE");
  app.add_option("--onnxruntime", onnxruntime_,
                 "Where ONNX Runtime is (libonnxruntime.so, or its folder), which runs .onnx "
                 "files; looked for in BALSE_ONNXRUNTIME and the usual places if not given")
      ->type_name("PATH");
  device_.declare(app, "--device", "Where the network runs")->default_str("cpu");
  precision_
      .declare(app, "--precision",
               "bfloat16 makes LibTorch's taggers faster where the processor has it, twice as "
               "fast with AMX, and moves probabilities by up to 0.04")
      ->default_str("float32");
  app.add_option("--threads", threads_, "0 is all processors")
      ->capture_default_str()
      ->check(CLI::Range(0, kMaxThreads))
      ->type_name("N");
  constexpr const char* kTorchscriptGroup = "TorchScript taggers";
  app.add_flag(
         "--allow-torchscript", allow_torchscript_,
         "Run a TorchScript tagger: it is a program of whoever made it. It is shut in: it can "
         "open no file and no connection, and has limits of memory and time")
      ->group(kTorchscriptGroup);
  app.add_flag("--unsafe-torchscript", unsafe_torchscript_,
               "Run it with all rights of your own, where the system cannot shut it in or for "
               "--device cuda; only if you trust whoever made it")
      ->group(kTorchscriptGroup);
  const auto described = [&](CLI::Option* option) {
    described_options_.push_back(option->group("Instead of what --tagger says"));
    return option;
  };
  described(app.add_option("--input-size", input_size_,
                           "Pixels each way, or WIDTHxHEIGHT; 224 of TorchScript, ONNX models say "
                           "their own"))
      ->type_name("SIZE");
  described(
      app.add_option("--mean", mean_, "Gray level to subtract, by channel; 0 0 0 of TorchScript"))
      ->expected(3)
      ->type_name("X");
  described(app.add_option("--deviation", deviation_,
                           "What to divide by afterwards; 255 255 255 of TorchScript"))
      ->expected(3)
      ->type_name("X");
  described(colors_.declare(app, "--colors", "Order of the channels; rgb of TorchScript"));
  described(activation_.declare(app, "--activation",
                                "What makes probabilities of the last layer; none of TorchScript"));
  alpha_
      .declare(app, "--alpha",
               "What transparent pixels are: white behind them, or the colour that they hide, "
               "as Illustration2Vec's authors have it; as the tagger was made if not given")
      ->group("Instead of what --tagger says");
}

void TaggerOptions::declare_weights(CLI::App& app, const std::string& group) {
  tags_option_ = "--tag-list";
  app.add_option("--weights", weights_path_,
                 "The network that tags posters: Illustration2Vec as .caffemodel or converted, or "
                 "a tagger in ONNX, as of balse tag")
      ->type_name("FILE")
      ->group(group);
  app.add_option(tags_option_, tags_path_,
                 "What its outputs mean, where the weights do not say it and no list lies beside "
                 "them")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--tagger", tagger_, "What it wants to see, as of balse tag")
      ->type_name("NAME|FILE")
      ->group(group);
  app.add_option("--onnxruntime", onnxruntime_, "Where ONNX Runtime is, as of balse tag")
      ->type_name("PATH")
      ->group(group);
}

std::vector<NamedPath> TaggerOptions::inputs() const {
  std::vector<NamedPath> inputs = {{"--weights", weights_path_}, {tags_option_, tags_path_}};
  if (!known_tagger(tagger_)) {
    inputs.push_back({"--tagger", tagger_});
  }
  return inputs;
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
  check_outputs(tagger.weights.outputs(), *tagger.tags, weights_path_, list, tags_option_);
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

void TaggerOptions::open_onnx(Tagger& tagger, const NetworkOptions& options) const {
  if (device_.value() == Device::cuda || precision_.value() == Precision::bfloat16) {
    throw Error(ErrorKind::usage,
                {.file = weights_path_,
                 .found = "--device cuda or --precision bfloat16 with an ONNX model",
                 .expected = "the processor, and what the model says itself"});
  }
  tagger.tags = tag_list(std::nullopt, tagger.description);
  OnnxSession session;
  session.library = find_onnxruntime(onnxruntime_);
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
    check_outputs(session.plan.tags, tagger.tags, weights_path_,
                  tags_path_.empty() ? list_beside(tagger.description) : tags_path_, tags_option_);
  }
  session.activation = tagger.description.activation;
  if (options.features) {
    const auto features = !tagger.description.embedding.empty()
                              ? std::optional(tagger.description.embedding)
                              : onnx_features(weights_path_, session.plan.output);
    if (!features) {
      throw Error(ErrorKind::usage,
                  {.file = weights_path_,
                   .found = "--embedding of a model whose last layer is no product of matrices",
                   .expected = "\"embedding\", the name of a tensor, in the file of --tagger"});
    }
    session.embedding = *features;
    if (!has_onnx_tensor(weights_path_, session.embedding)) {
      throw Error(ErrorKind::bad_data,
                  {.file = tagger_.empty() ? weights_path_ : tagger_,
                   .found = "\"embedding\" " + shorten(session.embedding) +
                            ", which no layer of the model makes",
                   .expected = "the name of a tensor in " + printable(weights_path_)});
    }
  }
  if (options.features && !model.data_files.empty() && !has_output(model, session.embedding)) {
    throw Error(ErrorKind::usage,
                {.file = weights_path_,
                 .found = "--embedding of a model whose weights are in a file of their own, " +
                          printable(model.data_files.front()),
                 .expected = "a model in one file, or one that gives its embedding out"});
  }
  if (!input_size_.empty() && !is_of_old_config() &&
      (session.plan.spec.width != tagger.description.input.width ||
       session.plan.spec.height != tagger.description.input.height)) {
    throw Error(ErrorKind::usage,
                {.file = weights_path_,
                 .found = "--input-size " + shorten(input_size_),
                 .expected = std::to_string(session.plan.spec.width) + " x " +
                             std::to_string(session.plan.spec.height) + ", as the model says"});
  }
  tagger.description.input = session.plan.spec;
  NetworkOptions few = options;
  // More pictures at once are not faster on a processor, and a transformer's attention is large.
  constexpr std::size_t kAtOnce = 4;
  few.batch = std::max(std::min(few.batch, kAtOnce), session.plan.fixed_batch);
  tagger.batch = few.batch;
  tagger.start = [session, few] { return onnx_engine(session, few); };
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
  tagger.check = [this, tags = tagger.tags,
                  list = tags_path_.empty() ? list_beside(tagger.description)
                                            : tags_path_](Network& network) {
    check_outputs(network.outputs(), tags, weights_path_, list, tags_option_);
  };
  tagger.fingerprint = file_fingerprint(weights_path_) + tagger.fingerprint;
  return tagger;
}

int TaggerOptions::threads() const {
  return std::min(resolve_threads(threads_), available_processors());
}

std::string TaggerOptions::fingerprint(const Tagger& tagger) const {
  std::string text = precision_.value() == Precision::bfloat16 ? "bfloat16" : "float32";
  if (tagger.is_undescribed) {
    // As in files of before there were descriptions.
    text += " " + (input_size_ == kInputSize ? "" : input_size_) +
            (colors_.value() == ChannelOrder::bgr ? " bgr " : " rgb ") +
            std::to_string(static_cast<int>(activation_.value()));
    const auto add = [&text](const std::vector<float>& numbers,
                             const std::array<float, 3>& fallback) {
      if (!std::equal(numbers.begin(), numbers.end(), fallback.begin(), fallback.end())) {
        for (const float number : numbers) {
          text += " " + exact_text(static_cast<double>(number));
        }
      }
    };
    add(mean_, {0.0F, 0.0F, 0.0F});
    add(deviation_, {255.0F, 255.0F, 255.0F});
    return text + (alpha_.given() && alpha_.value() ? " white" : "");
  }
  return text + " " + tagger.description.fingerprint();
}

}  // namespace balse::cli
