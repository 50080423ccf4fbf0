#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/sha256.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/tagging/imaging.hpp"
#include "balse/tagging/poster_list.hpp"
#include "balse/tagging/tag_posters.hpp"

#include "command.hpp"
#include "path_conflicts.hpp"
#include "result_file.hpp"
#include "run_tagger.hpp"
#include "tag_command_options.hpp"
#include "tag_output.hpp"
#include "tag_run.hpp"
#include "tag_verify.hpp"
#include "tagger_options.hpp"

namespace balse::cli {
namespace {

class TagCommand final : public Command {
 public:
  void setup(CLI::App& app) override { options_.declare(app); }
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  PosterList collect() const;
  void convert() const;
  void verify(const Tagger& tagger, const PosterList& list) const;
  std::unique_ptr<TagOutput> open_output(const Tagger& tagger, const TagSelection& selection) const;
  void tag(const Tagger& tagger, const std::vector<Poster>& posters, PosterSink& sink) const;

  TagCommandOptions options_;
};

std::vector<Example> TagCommand::examples() const {
  return {
      {"Illustration2Vec, every night: a folder of posters, named by item, to the tags that eval "
       "and fit read",
       {"scripts/download_models.sh",
        "balse tag posters --weights models/illust2vec.safetensors --update tags.csv"}},
      {"A WD v3 tagger: model.onnx and selected_tags.csv of SmilingWolf/wd-vit-tagger-v3 in a "
       "folder",
       {"scripts/install_onnxruntime.sh",
        "balse tag posters --weights wd-vit-tagger-v3/model.onnx --tagger wd-v3 --threshold "
        "general=0.35,character=0.85 --output tags.csv"}},
      {"Your own network as TorchScript, which runs shut in",
       {"balse tag posters --weights tagger.pt --allow-torchscript --tags tags.json --input-size "
        "448 --activation sigmoid --output tags.csv"}},
      {"What a poster shows",
       {"balse tag poster.jpg --weights models/illust2vec.safetensors --category all --top 5"}},
  };
}

PosterList TagCommand::collect() const {
  PosterCollector collector;
  for (const NamedPath& own : options_.outputs()) {
    if (!own.path.empty() && !is_stream(own.path)) {
      collector.leave_out(resolved_path(own.path));
    }
  }
  for (const std::string& input : options_.posters) {
    if (input == "-") {
      collector.add_standard_input(read_standard_input());
    } else {
      collector.add(input);
    }
  }
  if (!options_.list_path.empty()) {
    collector.add_list(options_.list_path);
  }
  PosterList list =
      options_.format.value() == TagFormat::sidecar ? collector.take_files() : collector.take();
  if (list.posters.empty() && list.failures.empty()) {
    throw Error(ErrorKind::no_input,
                {.file = options_.posters.empty() ? options_.list_path : options_.posters.front(),
                 .found = "no posters",
                 .expected = "images, told by their content"});
  }
  if (list.no_pictures > 0) {
    spdlog::info("passed over {}", counted(list.no_pictures, "file that is no picture",
                                           "files that are no pictures"));
  }
  const auto several = std::count_if(list.posters.begin(), list.posters.end(),
                                     [](const Poster& p) { return !p.alternatives.empty(); });
  if (several > 0) {
    spdlog::info("{} of more than one file: the first that can be decoded counts",
                 counted(static_cast<std::size_t>(several), "poster"));
  }
  options_.keep_shard(list);
  return list;
}

void TagCommand::convert() const {
  const Illustration2VecTagger tagger = options_.tagger.read();
  AtomicFile file(options_.convert_path);
  write_illustration2vec(file, tagger.weights, *tagger.tags);
  file.commit();
  spdlog::info(
      "{}: {}, {}, {}", options_.convert_path, counted(tagger.weights.layers.size(), "layer"),
      counted(tagger.weights.parameters(), "parameter"), counted(tagger.tags->size(), "tag"));
}

std::unique_ptr<TagOutput> TagCommand::open_output(const Tagger& tagger,
                                                   const TagSelection& selection) const {
  if (options_.format.value() == TagFormat::sidecar) {
    std::vector<std::string> taken;
    for (const auto& named : {options_.inputs(config()), options_.outputs()}) {
      for (const NamedPath& other : named) {
        if (!other.path.empty() && !is_stream(other.path)) {
          taken.push_back(resolved_path(other.path));
        }
      }
    }
    return make_sidecar_output(tagger.tags, selection, options_.sidecars.value(), taken);
  }
  const bool update = !options_.update_path.empty();
  const std::string path = update                         ? options_.update_path
                           : options_.output_path.empty() ? "-"
                                                          : options_.output_path;
  if (is_stream(path) && options_.format.value() != TagFormat::npz) {
    return make_streamed_output(tagger.tags, selection, path, options_.format.value(), options_.top,
                                options_.is_csv_safe());
  }
  std::string settings = tagger.fingerprint + " " + options_.tagger.fingerprint(tagger) + " " +
                         options_.selection_text(selection);
  settings += " " + text_fingerprint(to_json(tagger.tags));
  settings += options_.is_csv_safe() ? " csv-safe" : "";
  settings += options_.allow_truncated ? " allow-truncated" : "";
  return make_file_output(tagger.tags, selection,
                          {.path = path,
                           .may_be_empty = !options_.shard.empty(),
                           .format = options_.format.value(),
                           .csv_safe = options_.is_csv_safe(),
                           .everything = !options_.embedding_path.empty(),
                           .update = update,
                           .lock_wait = std::chrono::seconds(options_.lock_wait),
                           .settings = settings});
}

void TagCommand::tag(const Tagger& tagger, const std::vector<Poster>& posters,
                     PosterSink& sink) const {
  run_tagger(tagger, posters, options_.tagger.threads(), sink);
}

void TagCommand::verify(const Tagger& tagger, const PosterList& list) const {
  if (list.posters.size() != 1 || !list.failures.empty()) {
    throw Error(ErrorKind::usage,
                {.found = "--verify with " +
                          std::to_string(list.posters.size() + list.failures.size()) + " pictures",
                 .expected = "the one picture whose probabilities the file holds"});
  }
  ProbabilitiesSink sink;
  tag(tagger, list.posters, sink);
  verify_tags(sink.probabilities(), tagger.tags, options_.verify_path, options_.tolerance);
}

void TagCommand::run(const std::vector<std::string>& /*command_line*/) {
  options_.check(config());
  if (!options_.convert_path.empty()) {
    convert();
    return;
  }
  PosterList list = collect();
  imaging(options_.max_pixels);
  Tagger tagger =
      options_.tagger.open(std::clamp<std::size_t>(list.posters.size(), 1, options_.batch),
                           !options_.embedding_path.empty());
  tagger.decode.allow_truncated = options_.allow_truncated;
  if (!options_.verify_path.empty()) {
    verify(tagger, list);
    return;
  }
  // Opened before the work: a file that cannot be written must not cost an hour.
  std::optional<ResultFile> failures;
  if (!options_.failures_path.empty()) {
    failures.emplace(options_.failures_path);
  }
  std::optional<ResultFile> embeddings;
  if (!options_.embedding_path.empty()) {
    embeddings.emplace(options_.embedding_path);
  }
  const TagSelection selection = options_.selection(tagger);
  const std::unique_ptr<TagOutput> output = open_output(tagger, selection);
  const std::size_t total = list.posters.size() + list.failures.size();
  const std::vector<Poster> todo = output->plan(list.posters);
  std::size_t tagged = 0;
  double seconds = 0.0;
  {
    TagRun tag_run(*output, list.failures, todo.size());
    tag(tagger, todo, tag_run);
    tagged = tag_run.tagged_posters();
    if (embeddings) {
      embeddings->write(tag_run.embeddings());
    }
    seconds = tag_run.seconds();
  }  // the progress line goes before anything else is said
  report_failures(list.failures, failures ? &*failures : nullptr, options_.is_csv_safe());
  if (tagged == 0 && (!todo.empty() || list.posters.empty()) && !list.failures.empty() &&
      (embeddings || options_.format.value() == TagFormat::sidecar)) {
    throw Error(ErrorKind::bad_data, {.found = "no poster could be tagged",
                                      .expected = "at least one picture that can be read"});
  }
  output->finish();
  if (embeddings) {
    embeddings->commit();
  }
  spdlog::info("{} tagged in {:.1f} s, {} failed; {}{} {}", counted(tagged, "poster"), seconds,
               list.failures.size(), counted(output->weights(), "weight"),
               selection.thresholds.uses_mcut() ? ", threshold" : " of at least",
               describe(selection.thresholds, selection.categories));
  if (options_.strict && !list.failures.empty()) {
    throw Error(ErrorKind::bad_data, {.found = std::to_string(list.failures.size()) + " of " +
                                               counted(total, "poster") + " could not be tagged"});
  }
}

}  // namespace

std::unique_ptr<Command> make_tag_command() {
  return std::make_unique<TagCommand>();
}

}  // namespace balse::cli
