#include "eval_manifest.hpp"

#include <fstream>

#include "balse/data/sha256.hpp"
#include "balse/evaluation/results_json.hpp"
#include "balse/version.hpp"

#include "creation_time.hpp"
#include "print_config.hpp"

namespace balse::cli {
namespace {

std::string compiler_name() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return {};
}

}  // namespace

Manifest manifest_of(const EvalOptions& options, const EvalInputs& inputs, const Splits& splits,
                     const CrossValidationOptions& training,
                     const std::vector<std::string>& command_line) {
  Manifest manifest;
  manifest.version = kVersion;
  manifest.command_line = command_line;
  manifest.inputs = inputs.records;
  if (!options.folds_path.empty()) {
    manifest.inputs.push_back({"folds", options.folds_path, splits.fingerprint()});
  }
  manifest.protocol = splits.describe();
  manifest.seed = options.seed;
  manifest.threads = training.threads;
  manifest.ratings = inputs.ratings.size();
  manifest.users = inputs.ratings.users.size();
  manifest.items = inputs.ratings.items.size();
  manifest.tags = inputs.tags ? inputs.tags->tag_count : 0;
  manifest.max_tags = options.reading.max_tags();
  manifest.without_tags = options.study.without_tags();
  manifest.items_with_tags = inputs.items_with_tags;
  manifest.user_features = inputs.user_features ? inputs.user_features->tag_count : 0;
  manifest.users_with_features = inputs.users_with_features;
  manifest.item_features = inputs.features;
  manifest.items_with_features = inputs.items_with_features;
  manifest.scale = inputs.read.scale.describe();
  manifest.options = training;
  manifest.compiler = compiler_name();
  manifest.processor = processor_name();
  manifest.date = created_now();
  manifest.config = config_text(*options.command);
  return manifest;
}

void write_folds(const EvalOptions& options, const EvalInputs& inputs, const Splits& splits,
                 const std::function<void(std::string_view)>& write) {
  write_splits(options.fold_set.empty() ? "fold" : options.fold_set, splits, inputs.ratings, write);
}

std::string run_fingerprint(const Manifest& manifest) {
  Manifest same = manifest;
  same.command_line.clear();
  same.config.clear();
  same.date.clear();
  same.seconds = 0.0;
  same.threads = 0;
  Sha256 hash;
  hash.update(
      results_json({}, same)["manifest"].dump(-1, ' ', false, Json::error_handler_t::replace));
  for (const Model model : manifest.options.models) {
    hash.update(std::string(name_of(model)) + " ");
  }
  for (const TunedBlock& block : manifest.options.tuning.blocks) {
    for (const TunedOption& option : block.options) {
      hash.update(option.name + " " + text_of(option.low) + " " + text_of(option.high) + " ");
      for (const std::string& value : option.values) {
        hash.update(value + " ");
      }
    }
  }
  hash.update(std::to_string(static_cast<int>(manifest.options.tuning.search)) + " " +
              std::to_string(manifest.options.tuning.budget));
  return hash.hex();
}

std::string shell_command(const std::vector<std::string>& command_line) {
  const std::string plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  std::string text;
  for (const std::string& word : command_line) {
    text += text.empty() ? "" : " ";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
      text += word;
      continue;
    }
    text += "'";
    for (const char c : word) {
      text += c == '\'' ? "'\\''" : std::string(1, c);
    }
    text += "'";
  }
  return text + "\n";
}

}  // namespace balse::cli
