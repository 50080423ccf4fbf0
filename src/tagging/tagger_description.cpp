#include "balse/tagging/tagger_description.hpp"

#include <array>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "balse/data/json_depth.hpp"
#include "balse/data/row_text.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"

namespace balse {
namespace {

using Json = nlohmann::json;

/// Takes the members of a description one by one, so that what is left was misspelt.
class DescriptionReader {
 public:
  DescriptionReader(Json json, const std::string& path) : json_(std::move(json)), path_(path) {}

  /// The member, which is then gone; null where there is none.
  Json take(const char* key) {
    Json value = json_.value(key, Json());
    json_.erase(key);
    return value;
  }

  void text(const char* key, std::string& value) {
    if (const Json found = take(key); found.is_string()) {
      value = found.get<std::string>();
    } else if (!found.is_null()) {
      refuse(key, found, "a string");
    }
  }

  template <typename Enum, std::size_t N>
  void word(const char* key, const std::array<std::pair<const char*, Enum>, N>& words,
            Enum& value) {
    const Json found = take(key);
    if (found.is_null()) {
      return;
    }
    std::string expected;
    for (const auto& [name, meant] : words) {
      if (found == name) {
        value = meant;
        return;
      }
      expected += (expected.empty() ? "" : ", ") + std::string(name);
    }
    refuse(key, found, "one of " + expected);
  }

  template <typename Number>
  void numbers(const char* key, double least, double most, std::array<Number, 3>& values) {
    const Json found = take(key);
    if (found.is_null()) {
      return;
    }
    const auto fits = [&](const Json& number) {
      return number.is_number() && number.get<double>() >= least && number.get<double>() <= most;
    };
    if (!found.is_array() || found.size() != 3 || !fits(found[0]) || !fits(found[1]) ||
        !fits(found[2])) {
      refuse(key, found, "three numbers, one for each channel");
    }
    for (std::size_t k = 0; k < 3; ++k) {
      values[k] = static_cast<Number>(found[k].get<double>());
    }
  }

  void size(InputSpec& input) {
    const Json found = take("size");
    const auto fits = [](const Json& number) { return number.is_number_unsigned(); };
    if (fits(found)) {
      input.width = input.height = found.get<std::size_t>();
    } else if (found.is_array() && found.size() == 2 && fits(found[0]) && fits(found[1])) {
      input.width = found[0].get<std::size_t>();
      input.height = found[1].get<std::size_t>();
    } else if (!found.is_null()) {
      refuse("size", found, "pixels, or [width, height]");
    }
  }

  void thresholds(TagThresholds& thresholds) {
    const Json found = take("thresholds");
    if (found.is_null()) {
      return;
    }
    if (!found.is_object()) {
      refuse("thresholds", found, "an object of categories");
    }
    const auto set = [&](const std::string& category, const Json& value) {
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      try {
        set_thresholds(thresholds, category == "all" ? text : category + "=" + text);
      } catch (const Error& error) {
        refuse("thresholds", found, error.parts().expected);
      }
    };
    if (found.contains("all")) {  // before those that differ, wherever it stands
      set("all", found["all"]);
    }
    for (const auto& [category, value] : found.items()) {
      if (category != "all") {
        set(category, value);
      }
    }
  }

  void lists(std::vector<std::string>& names) {
    const Json found = take("tag_list");
    if (found.is_null()) {
      return;
    }
    names.clear();
    for (const Json& name : found.is_array() ? found : Json::array({found})) {
      // Beside the weights, and nowhere else.
      if (!name.is_string() || name.get_ref<const std::string&>().empty() ||
          name.get_ref<const std::string&>().find('/') != std::string::npos) {
        refuse("tag_list", found, "the name of a file beside the weights, or a list of such names");
      }
      names.push_back(name.get<std::string>());
    }
  }

  void finish() const {
    if (!json_.empty()) {
      throw Error(ErrorKind::bad_data,
                  {.file = path_,
                   .found = "a member " + shorten(json_.begin().key()),
                   .expected = "name, size, layout, colors, mean, deviation, resize, fit, border, "
                               "alpha, activation, output, embedding, tag_list, thresholds"});
    }
  }

  [[noreturn]] void refuse(const char* key, const Json& found, const std::string& expected) const {
    throw Error(ErrorKind::bad_data, {.file = path_,
                                      .found = std::string(key) + " " + shorten(found.dump()),
                                      .expected = expected});
  }

 private:
  Json json_;
  const std::string& path_;
};

}  // namespace

std::string TaggerDescription::fingerprint() const {
  std::string text = std::to_string(input.width) + "x" + std::to_string(input.height);
  const auto add = [&text](const auto& number) { text += " " + std::to_string(number); };
  for (const float number : input.mean) {
    text += " " + exact_text(static_cast<double>(number));
  }
  for (const float number : input.deviation) {
    text += " " + exact_text(static_cast<double>(number));
  }
  for (const std::uint8_t level : input.border) {
    add(static_cast<int>(level));
  }
  add(static_cast<int>(input.order));
  add(static_cast<int>(input.layout));
  add(static_cast<int>(input.resampling));
  add(static_cast<int>(input.fit));
  add(static_cast<int>(over_white));
  add(static_cast<int>(activation));
  return text + " " + output;
}

TaggerDescription parse_tagger_description(std::string_view text, const std::string& path) {
  constexpr std::size_t kLongest = std::size_t{1} << 20;
  Json json;
  if (text.size() <= kLongest && !json_deeper_than(text, 4)) {
    json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  }
  if (!json.is_object()) {
    throw Error(ErrorKind::bad_data, {.file = path,
                                      .found = "no description of a tagger",
                                      .expected = "a JSON object, as docs/tagging.md shows one"});
  }
  DescriptionReader reader(std::move(json), path);
  TaggerDescription tagger;
  InputSpec& input = tagger.input;
  input.mean = {0.0F, 0.0F, 0.0F};
  input.order = ChannelOrder::rgb;
  input.resampling = Resampling::bicubic;
  reader.text("name", tagger.name);
  reader.size(input);
  reader.word<Layout, 2>("layout", {{{"nchw", Layout::nchw}, {"nhwc", Layout::nhwc}}},
                         input.layout);
  reader.word<ChannelOrder, 2>("colors", {{{"rgb", ChannelOrder::rgb}, {"bgr", ChannelOrder::bgr}}},
                               input.order);
  constexpr double kLargest = 1e6;
  reader.numbers("mean", -kLargest, kLargest, input.mean);
  reader.numbers("deviation", 1e-6, kLargest, input.deviation);
  reader.word<Resampling, 4>("resize",
                             {{{"points", Resampling::points},
                               {"bilinear", Resampling::bilinear},
                               {"bicubic", Resampling::bicubic},
                               {"lanczos", Resampling::lanczos}}},
                             input.resampling);
  reader.word<Fit, 3>(
      "fit", {{{"stretch", Fit::stretch}, {"pad", Fit::pad}, {"letterbox", Fit::letterbox}}},
      input.fit);
  reader.numbers("border", 0.0, 255.0, input.border);
  reader.word<bool, 2>("alpha", {{{"white", true}, {"drop", false}}}, tagger.over_white);
  reader.word<Activation, 3>("activation",
                             {{{"none", Activation::none},
                               {"sigmoid", Activation::sigmoid},
                               {"softmax", Activation::softmax}}},
                             tagger.activation);
  reader.text("output", tagger.output);
  reader.text("embedding", tagger.embedding);
  reader.lists(tagger.tag_lists);
  reader.thresholds(tagger.thresholds);
  reader.finish();
  if (const std::string problem = input.validate(); !problem.empty()) {
    throw Error(ErrorKind::bad_data, {.file = path, .found = problem});
  }
  return tagger;
}

TaggerDescription read_tagger_description(const std::string& path) {
  const MappedFile file(path);
  return parse_tagger_description(
      {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}, path);
}

}  // namespace balse
