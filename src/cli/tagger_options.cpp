#include "tagger_options.hpp"

#include <algorithm>
#include <array>

#include "balse/data/row_text.hpp"
#include "balse/support/parallel.hpp"

namespace balse::cli {
namespace {

constexpr int kMaxThreads = 256;

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
