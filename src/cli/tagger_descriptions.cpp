// What a tagger wants to see: by its description, its form, or what lies beside it.

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/support/error.hpp"
#include "balse/tagging/onnx_model.hpp"

#include "tagger_options.hpp"

namespace balse::cli {
namespace {

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

/// Whether its pictures are N x 3 x height x width.
bool takes_planes(const OnnxModel& model) {
  return model.inputs.size() == 1 && model.inputs[0].shape.size() == 4 &&
         model.inputs[0].shape[1] == 3;
}

}  // namespace

std::string TaggerOptions::known_tagger_names() {
  return CLI::detail::join(known_taggers(), ", ");
}

std::string TaggerOptions::list_beside(const TaggerDescription& description) const {
  const std::filesystem::path folder = std::filesystem::path(weights_path_).parent_path();
  std::error_code ignored;
  for (const std::string& name : description.tag_lists) {
    if (std::filesystem::exists(folder / name, ignored)) {
      return (folder / name).string();
    }
  }
  return (folder /
          (description.tag_lists.empty() ? "tag_list.json" : description.tag_lists.front()))
      .string();
}

TagList TaggerOptions::tag_list(const std::optional<TagList>& in_weights,
                                const TaggerDescription& description) const {
  if (!tags_path_.empty()) {
    return read_tag_list(tags_path_);
  }
  if (in_weights) {
    return *in_weights;
  }
  const std::string beside = list_beside(description);
  std::error_code ignored;
  if (!std::filesystem::exists(beside, ignored)) {
    throw Error(ErrorKind::usage, {.file = weights_path_,
                                   .found = "no tag list: nothing says what its outputs mean",
                                   .expected = std::string(tags_option_) + " FILE, or " + beside});
  }
  return read_tag_list(beside);
}

/// Whether it asks for anything of Illustration2Vec: config files of earlier versions say
/// TorchScript's defaults, which do not.
bool TaggerOptions::says(const CLI::Option* option) const {
  constexpr std::pair<const char*, const char*> kDefaults[] = {{"--input-size", kInputSize},
                                                               {"--mean", "0 0 0"},
                                                               {"--deviation", "255 255 255"},
                                                               {"--colors", "rgb"},
                                                               {"--activation", "none"}};
  const std::string value = CLI::detail::join(option->results(), " ");
  return option->count() > 0 && !value.empty() &&
         std::none_of(std::begin(kDefaults), std::end(kDefaults), [&](const auto& fallback) {
           return option->get_name() == fallback.first && value == fallback.second;
         });
}

void TaggerOptions::refuse_described_options() const {
  for (const CLI::Option* option : described_options_) {
    if (says(option)) {
      throw Error(ErrorKind::usage,
                  {.file = weights_path_,
                   .found = option->get_name() +
                            " is for other taggers, in ONNX or TorchScript; what Illustration2Vec "
                            "needs is built in",
                   .hint = "leaving it out"});
    }
  }
  if (!tagger_.empty() && tagger_ != kIllustration2Vec) {
    throw Error(ErrorKind::usage, {.file = weights_path_,
                                   .found = "Illustration2Vec, which --tagger " + shorten(tagger_) +
                                            " does not describe",
                                   .hint = "leaving --tagger out"});
  }
}

/// Of an ONNX model nobody described: the lists beside them tell taggers apart.
TaggerDescription TaggerOptions::guess_onnx() const {
  const std::filesystem::path folder = std::filesystem::path(weights_path_).parent_path();
  std::error_code ignored;
  for (const std::string& name : known_taggers()) {
    TaggerDescription tagger = *known_tagger(name);
    if (name == kIllustration2Vec) {
      continue;
    }
    for (const std::string& list : tagger.tag_lists) {
      const bool named =
          !tags_path_.empty() && std::filesystem::path(tags_path_).filename().string() == list;
      if (named || (tags_path_.empty() && std::filesystem::exists(folder / list, ignored))) {
        // Two have a selected_tags.csv; WD's take pixels by pixels.
        if (name == "wd-v3" && takes_planes(read_onnx_model(weights_path_))) {
          tagger = *known_tagger("pixai");
        }
        spdlog::info("{}: taken for a tagger like {}, because of {}; --tagger says otherwise",
                     printable(weights_path_), tagger.name, list);
        return tagger;
      }
    }
  }
  throw Error(
      ErrorKind::usage,
      {.file = weights_path_,
       .found = "an ONNX model, of which nothing says what it wants to see",
       .expected = "--tagger with " + known_tagger_names() + ", or a file that describes it"});
}

TaggerDescription TaggerOptions::describe(TaggerFormat format) const {
  TaggerDescription description;
  if (!tagger_.empty()) {
    if (auto known = known_tagger(tagger_)) {
      description = std::move(*known);
    } else {
      std::error_code ignored;
      if (!std::filesystem::exists(tagger_, ignored)) {
        throw Error(ErrorKind::usage,
                    {.found = "--tagger " + shorten(tagger_),
                     .expected = known_tagger_names() + ", or a file that describes a tagger"});
      }
      description = read_tagger_description(tagger_);
    }
  } else if (format == TaggerFormat::onnx) {
    description = guess_onnx();
  } else if (format == TaggerFormat::torchscript) {
    description.input = {.order = ChannelOrder::rgb,
                         .mean = {0.0F, 0.0F, 0.0F},
                         .deviation = {255.0F, 255.0F, 255.0F}};
    description.over_white = false;
    description.tag_lists = {"tag_list.json"};
  } else {
    description = *known_tagger(kIllustration2Vec);
  }
  if (format == TaggerFormat::onnx || format == TaggerFormat::torchscript) {
    apply_options(description);
  }
  if (alpha_.given()) {
    description.over_white = alpha_.value();
  }
  return description;
}

/// Config files that earlier versions printed say all of TorchScript's defaults, whatever the
/// weights.
bool TaggerOptions::is_of_old_config() const {
  return !described_options_.empty() &&
         std::all_of(described_options_.begin(), described_options_.end(),
                     [&](const auto* option) { return option->count() > 0 && !says(option); });
}

void TaggerOptions::apply_options(TaggerDescription& description) const {
  if (is_of_old_config()) {
    return;
  }
  InputSpec& input = description.input;
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
  if (colors_.given()) {
    input.order = colors_.value();
  }
  if (activation_.given()) {
    description.activation = activation_.value();
  }
  if (const std::string problem = input.validate(); !problem.empty()) {
    throw Error(ErrorKind::usage, {.found = problem});
  }
}

}  // namespace balse::cli
