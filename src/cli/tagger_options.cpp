#include "tagger_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <utility>

#include "balse/data/row_text.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"
#include "balse/tagging/engine.hpp"

namespace balse::cli {
namespace {

constexpr int kMaxThreads = 256;
constexpr const char* kInputSize = "224";
constexpr std::array<float, 3> kMean = {0, 0, 0};
constexpr std::array<float, 3> kDeviation = {255, 255, 255};

/// "448" or "448x320", width first.
bool parse_size(const std::string& text, std::size_t& width, std::size_t& height) {
  const char* const end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, width);
  if (error != std::errc()) {
    return false;
  }
  height = width;
  if (stop == end) {
    return true;
  }
  if (*stop != 'x') {
    return false;
  }
  const auto second = std::from_chars(stop + 1, end, height);
  return second.ec == std::errc() && second.ptr == end;
}

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

/// A config file that --print-config wrote says all defaults, which ask for nothing.
bool says_default(const CLI::Option& option) {
  return CLI::detail::join(option.results(), " ") == option.get_default_str();
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
                 "The network: Illustration2Vec as .caffemodel or converted, or any TorchScript "
                 "tagger")
      ->type_name("FILE")
      ->required();
  app.add_option("--tags", tags_path_,
                 "JSON list of what the network's outputs mean; of the weights' own list, or else "
                 "of tag_list.json beside them, if not given")
      ->type_name("FILE");
  device_.declare(app, "--device", "Where the network runs")->default_str("cpu");
  precision_
      .declare(app, "--precision",
               "bfloat16 makes TorchScript taggers faster where the processor has it, and moves "
               "probabilities by up to 0.04")
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
  const auto torchscript = [&](CLI::Option* option) {
    torchscript_options_.push_back(option->group(kTorchscriptGroup));
    return option;
  };
  torchscript(app.add_option("--input-size", input_size_, "Pixels each way, or WIDTHxHEIGHT"))
      ->default_str(kInputSize)
      ->type_name("SIZE");
  torchscript(app.add_option("--mean", mean_, "Gray level to subtract, by channel"))
      ->expected(3)
      ->default_str("0 0 0")
      ->type_name("X");
  torchscript(app.add_option("--deviation", deviation_, "What to divide by afterwards"))
      ->expected(3)
      ->default_str("255 255 255")
      ->type_name("X");
  torchscript(colors_.declare(app, "--colors", "Order of the channels"))->default_str("rgb");
  torchscript(
      activation_.declare(app, "--activation", "What makes probabilities of the last layer"))
      ->default_str("none");
}

void TaggerOptions::declare_weights(CLI::App& app, const std::string& group) {
  tags_option_ = "--tag-list";
  app.add_option("--weights", weights_path_,
                 "The network that tags posters: Illustration2Vec as .caffemodel or converted, as "
                 "of balse tag")
      ->type_name("FILE")
      ->group(group);
  app.add_option(tags_option_, tags_path_,
                 "JSON list of what its outputs mean, where the weights have none and no "
                 "tag_list.json lies beside them")
      ->type_name("FILE")
      ->group(group);
}

std::vector<NamedPath> TaggerOptions::inputs() const {
  return {{"--weights", weights_path_}, {tags_option_, tags_path_}};
}

std::string TaggerOptions::list_beside() const {
  return (std::filesystem::path(weights_path_).parent_path() / "tag_list.json").string();
}

TagList TaggerOptions::tag_list(const std::optional<TagList>& in_weights) const {
  if (!tags_path_.empty()) {
    return read_tag_list(tags_path_);
  }
  if (in_weights) {
    return *in_weights;
  }
  const std::string beside = list_beside();
  std::error_code ignored;
  if (!std::filesystem::exists(beside, ignored)) {
    throw Error(ErrorKind::usage, {.file = weights_path_,
                                   .found = "no tag list: nothing says what its outputs mean",
                                   .expected = std::string(tags_option_) + " FILE, or " + beside});
  }
  return read_tag_list(beside);
}

void TaggerOptions::refuse_torchscript_options() const {
  for (const CLI::Option* option : torchscript_options_) {
    if (option->count() > 0 && !says_default(*option)) {
      throw Error(ErrorKind::usage,
                  {.file = weights_path_,
                   .found = option->get_name() +
                            " is for TorchScript taggers; what Illustration2Vec needs is built in",
                   .hint = "leaving it out"});
    }
  }
}

Illustration2VecTagger TaggerOptions::read() const {
  check_weights(weights_path_);
  refuse_torchscript_options();
  if (tagger_format(weights_path_) == TaggerFormat::torchscript) {
    throw Error(ErrorKind::usage, {.file = weights_path_,
                                   .found = "TorchScript, which is not converted",
                                   .expected = "an Illustration2Vec .caffemodel"});
  }
  Illustration2VecTagger tagger = read_illustration2vec(weights_path_);
  const std::string list = !tags_path_.empty() ? tags_path_
                           : tagger.tags       ? weights_path_
                                               : list_beside();
  tagger.tags = tag_list(tagger.tags);
  check_outputs(tagger.weights.outputs(), *tagger.tags, weights_path_, list, tags_option_);
  return tagger;
}

InputSpec TaggerOptions::torchscript_input() const {
  InputSpec input{.order = colors_.value(), .mean = kMean, .deviation = kDeviation};
  if (!input_size_.empty() && !parse_size(input_size_, input.width, input.height)) {
    throw Error(ErrorKind::usage, {.found = "--input-size " + shorten(input_size_),
                                   .expected = "pixels, such as 448 or 448x320"});
  }
  const auto copy = [](const std::vector<float>& from, std::array<float, 3>& to) {
    if (!from.empty()) {
      std::copy_n(from.begin(), to.size(), to.begin());
    }
  };
  copy(mean_, input.mean);
  copy(deviation_, input.deviation);
  if (const std::string problem = input.validate(); !problem.empty()) {
    throw Error(ErrorKind::usage, {.found = problem});
  }
  return input;
}

void TaggerOptions::check_permission() const {
  if (torchscript_options_.empty()) {
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

Tagger TaggerOptions::open(std::size_t batch) const {
  const NetworkOptions options{.device = device_.value(),
                               .precision = precision_.value(),
                               .threads = threads(),
                               .batch = batch,
                               .confined = !unsafe_torchscript_};
  check_weights(weights_path_);
  Tagger tagger;
  if (tagger_format(weights_path_) != TaggerFormat::torchscript) {
    auto read_tagger = std::make_shared<Illustration2VecTagger>(read());
    tagger.tags = *read_tagger->tags;
    // Hands the weights over: they are large, and the network has its own copy.
    tagger.start = [read_tagger, options]() mutable {
      const auto last = std::exchange(read_tagger, nullptr);
      return illustration2vec_engine(std::move(last->weights), options);
    };
  } else {
    check_permission();
    tagger.tags = tag_list(std::nullopt);
    tagger.input = torchscript_input();
    tagger.start = [this, input = tagger.input, options] {
      return torchscript_engine(weights_path_, input, activation_.value(), options);
    };
  }
  tagger.check = [this, tags = tagger.tags](Network& network) {
    check_outputs(network.outputs(), tags, weights_path_,
                  tags_path_.empty() ? list_beside() : tags_path_, tags_option_);
  };
  tagger.fingerprint = file_fingerprint(weights_path_);
  return tagger;
}

int TaggerOptions::threads() const {
  return std::min(resolve_threads(threads_), available_processors());
}

std::string TaggerOptions::description() const {
  std::string text = precision_.value() == Precision::bfloat16 ? "bfloat16" : "float32";
  text += " " + (input_size_ == kInputSize ? "" : input_size_) +
          (colors_.value() == ChannelOrder::bgr ? " bgr " : " rgb ") +
          std::to_string(static_cast<int>(activation_.value()));
  const auto add = [&text](const std::vector<float>& numbers,
                           const std::array<float, 3>& fallback) {
    if (!std::equal(numbers.begin(), numbers.end(), fallback.begin(), fallback.end())) {
      for (const float number : numbers) {
        text += " " + exact_text(static_cast<double>(number));  // as in files of before
      }
    }
  };
  add(mean_, kMean);
  add(deviation_, kDeviation);
  return text;
}

}  // namespace balse::cli
