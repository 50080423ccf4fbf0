#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/json_depth.hpp"
#include "balse/model/model_file.hpp"
#include "balse/model/training_json.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/printable.hpp"

#include "command.hpp"
#include "standard_output.hpp"

namespace balse::cli {
namespace {

constexpr int kManifestDepth = 16;  // ours has 4

class InfoCommand final : public Command {
 public:
  void setup(CLI::App& app) override {
    app.add_option("model", path_, "The model, as balse fit wrote it")
        ->required()
        ->type_name("FILE");
    app.add_flag("--json", json_, "For programs");
  }

  std::vector<Example> examples() const override {
    return {{"", {"balse info site.balse.safetensors"}},
            {"What it was made of",
             {"balse info site.balse.safetensors --json | python3 -m json.tool"}}};
  }

  void run(const std::vector<std::string>& command_line) override;

 private:
  static void check(const ModelFile& model);
  static Json describe(const ModelFile& model);
  static std::string text_of(const TrainedModel& model, const Json& json);

  std::string path_;
  bool json_ = false;
};

// More than the other commands do when they open a model, for which the quick checksum is enough.
void InfoCommand::check(const ModelFile& model) {
  if (!model.file().data_matches_sha256()) {
    model.file().fail("is damaged: its tensors do not match their checksum", "balse fit again");
  }
}

// A model of balse fit --folds knows the ids of those whose ratings were all left out as well.
std::size_t users_of(const TrainedModel& model) {
  std::size_t users = 0;
  for (std::uint32_t user = 0; user < model.users.size(); ++user) {
    users += model.rated_by(user).empty() ? 0 : 1;
  }
  return users;
}

std::size_t rated_items_of(const TrainedModel& model) {
  std::vector<bool> rated(model.items.size());
  for (const std::uint32_t item : model.rated_item) {
    rated[item] = true;
  }
  return static_cast<std::size_t>(std::count(rated.begin(), rated.end(), true));
}

Json InfoCommand::describe(const ModelFile& file) {
  const TrainedModel& model = file.model();
  Json json = {{"file", file.file().path()},
               {"bytes", file.file().file_size()},
               {"format_version", model.has_item_features() ? 2 : 1},
               {"balse_version", file.metadata("balse_version")},
               {"created", file.metadata("created")},
               {"users", users_of(model)},
               {"items", model.items.size()},
               {"rated_items", rated_items_of(model)},
               {"ratings", model.rated_item.size()},
               {"tags", model.tags.size()},
               {"titles", model.titles.size() > 0}};
  if (model.has_tags()) {
    json["tag_weights"] = model.data.tags->tag.size();
  }
  if (model.has_item_features()) {
    json["item_components"] = model.data.item_features.columns;
  }
  for (const BlockKind& kind : block_kinds()) {
    if (model.has(kind.model)) {
      json.update(figures_json(kind.describe(model.parameters[index_of(kind.model)])));
    }
  }
  for (const BlendKind& kind : blend_kinds()) {
    if (model.has(kind.model)) {
      json[std::string(kind.group)] =
          figures_json(kind.describe(model.parameters[index_of(kind.model)]));
    }
  }
  if (!model.neighbours.empty()) {
    json["neighbours"] = figures_json(Neighbours::describe(model.neighbours));
  }
  json["clip"] = {{"what", file.metadata("clip")},
                  {"low", model.clipping.range.low},
                  {"high", model.clipping.range.high}};
  const std::string text = file.metadata("manifest");
  const Json manifest =
      json_deeper_than(text, kManifestDepth) ? Json() : Json::parse(text, nullptr, false);
  json["manifest"] = manifest.is_discarded() ? Json(nullptr) : manifest;
  for (const auto& [name, tensor] : file.file().tensors()) {
    json["tensors"][name] = {
        {"type", name_of(tensor.dtype)}, {"shape", tensor.shape}, {"bytes", tensor.bytes.size()}};
  }
  return json;
}

// "beta 0.12, gamma 3.4"
std::string figure_words(const std::vector<Figure>& figures) {
  std::string text;
  for (const Figure& figure : figures) {
    if (!figure.list.empty()) {
      continue;
    }
    std::string name(figure.name);
    std::replace(name.begin(), name.end(), '_', ' ');
    text += text.empty() ? "" : ", ";
    text += figure.whole                  ? fmt::format("{} {:.0f}", name, figure.value)
            : std::isfinite(figure.value) ? fmt::format("{} {:.4g}", name, figure.value)
                                          : name + " none";
  }
  return text;
}

std::string InfoCommand::text_of(const TrainedModel& model, const Json& json) {
  std::string text;
  const auto line = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<15}{}\n", name, escape(value));
  };
  const auto plain = [](const Json& value) {
    return value.is_string() ? value.get<std::string>()
                             : value.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  line("file", fmt::format("{}, {:.2f} MB, intact", plain(json["file"]),
                           json["bytes"].get<double>() / 1e6));
  line("format", fmt::format("balse model, version {}", plain(json["format_version"])));
  line("made", fmt::format("{} by balse {}", plain(json["created"]), plain(json["balse_version"])));
  line("ratings", fmt::format("{} of {} by {}", plain(json["ratings"]),
                              counted(json["rated_items"].get<std::uint64_t>(), "item"),
                              counted(json["users"].get<std::uint64_t>(), "user")));
  line("items", fmt::format("{}, {} titles", plain(json["items"]),
                            json["titles"].get<bool>() ? "with" : "without"));
  line("tags", json.contains("tag_weights")
                   ? fmt::format("{}, {} of items", plain(json["tags"]),
                                 counted(json["tag_weights"].get<std::uint64_t>(), "weight"))
                   : "none: the model is ALS alone");
  if (json.contains("item_components")) {
    line("features",
         fmt::format("{} leading components of --features", plain(json["item_components"])));
  }
  for (const ModelKind* kind : model_kinds()) {
    if (model.has(kind->model)) {
      line(kind->group_title,
           figure_words(kind->describe(model.parameters[index_of(kind->model)])));
    }
  }
  if (!model.neighbours.empty()) {
    line(Neighbours::kTitle, figure_words(Neighbours::describe(model.neighbours)));
  }
  line("clip", fmt::format("{} to [{:g}, {:g}]", plain(json["clip"]["what"]),
                           json["clip"]["low"].get<double>(), json["clip"]["high"].get<double>()));
  const Json manifest = json["manifest"].is_object() ? json["manifest"] : Json::object();
  const auto member = [](const Json& object, const char* name) {
    return object.is_object() && object.contains(name) ? object[name] : Json();
  };
  const Json inputs = member(manifest, "inputs");
  if (inputs.is_array()) {
    for (const Json& input : inputs) {
      line("input", fmt::format("{} {}, SHA-256 {}", plain(member(input, "role")),
                                plain(member(input, "path")), plain(member(input, "sha256"))));
    }
  }
  const Json options = member(manifest, "options");
  if (options.is_object()) {
    for (const auto& [name, value] : options.items()) {
      line("option", name + " " + plain(value));
    }
  }
  for (const auto& [name, tensor] : json["tensors"].items()) {
    line("tensor", fmt::format("{:<20} {:<3} {:<14} {:>9} bytes", name, plain(tensor["type"]),
                               tensor["shape"].dump(), plain(tensor["bytes"])));
  }
  return text;
}

void InfoCommand::run(const std::vector<std::string>& /*command_line*/) {
  const ModelFile file(path_);
  check(file);
  const Json json = describe(file);
  write_standard_output(
      json_ ? escape_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n"
            : text_of(file.model(), json));
}

}  // namespace

std::unique_ptr<Command> make_info_command() {
  return std::make_unique<InfoCommand>();
}

}  // namespace balse::cli
