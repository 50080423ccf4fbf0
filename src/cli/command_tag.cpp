#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/row_text.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"
#include "balse/tagging/imaging.hpp"
#include "balse/tagging/poster_list.hpp"
#include "balse/tagging/tag_posters.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "path_conflicts.hpp"
#include "progress.hpp"
#include "tag_output.hpp"
#include "tag_verify.hpp"
#include "tagger_options.hpp"

namespace balse::cli {
namespace {

class TagCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  void check_options() const;
  PosterList collect() const;
  void convert() const;
  void verify(const Tagger& tagger, const PosterList& list) const;
  TagSelection selection() const;
  std::unique_ptr<TagOutput> open_output(const Tagger& tagger) const;
  TagPostersOptions posters_options(const Tagger& tagger) const;
  void report(const std::vector<PosterFailure>& failures, std::size_t posters) const;

  TaggerOptions tagger_;
  std::vector<std::string> inputs_;
  std::string list_path_;
  std::string output_path_;
  std::string update_path_;
  std::string failures_path_;
  std::string convert_path_;
  std::string verify_path_;
  double tolerance_ = 0.01;
  double threshold_ = 0.1;
  std::size_t top_ = 0;
  std::size_t batch_ = TagPostersOptions{}.batch;
  std::uint64_t max_pixels_ = kMaxPixels;
  bool strict_ = false;
  Choice<std::optional<TagCategory>> category_{{"general", TagCategory::general},
                                               {"character", TagCategory::character},
                                               {"copyright", TagCategory::copyright},
                                               {"rating", TagCategory::rating},
                                               {"all", std::nullopt}};
  Choice<TagFormat> format_{
      {"csv", TagFormat::csv}, {"jsonl", TagFormat::jsonl}, {"npz", TagFormat::npz}};
};

void TagCommand::setup(CLI::App& app) {
  app.add_option("posters", inputs_,
                 "Images, and folders of images with all folders in them; - is an image on "
                 "standard input, or a path on each of its lines. A poster's item is its file's "
                 "name without extension")
      ->type_name("PATH");
  app.add_option("--list", list_path_, "More posters: item,path rows; - is standard input")
      ->type_name("FILE");
  tagger_.declare(app);
  CLI::Option* output =
      app.add_option("--output", output_path_,
                     "Write there instead of to standard output, whole or not at all; a run that "
                     "was killed goes on where it was")
          ->type_name("FILE");
  CLI::Option* update =
      app.add_option("--update", update_path_,
                     "Tag only what is new or changed since this csv file was written, and "
                     "replace it")
          ->type_name("FILE");
  format_.declare(app, "--format", "Of the output; npz is scipy's sparse matrix")
      ->default_str("csv");
  app.add_option("--threshold", threshold_, "Leave out weights below")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("X");
  category_.declare(app, "--category", "Which tags")->default_str("general");
  CLI::Option* top =
      app.add_option("--top", top_, "Print the N most probable tags of each category, to be read")
          ->check(whole_number())
          ->type_name("N");
  app.add_option("--failures", failures_path_, "Write item,path,reason of each poster that failed")
      ->type_name("FILE");
  app.add_flag("--strict", strict_, "End with 65 if a poster could not be tagged");
  app.add_option("--max-pixels", max_pixels_, "Refuse larger pictures before decoding them")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  app.add_option("--batch", batch_, "Posters that go through the network at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  CLI::Option* convert =
      app.add_option("--convert", convert_path_,
                     "Write the weights and their tag list as safetensors, which load faster, and "
                     "tag nothing")
          ->type_name("FILE");
  CLI::Option* verify =
      app.add_option("--verify", verify_path_,
                     "Compare one picture's probabilities with those in this JSON file")
          ->type_name("FILE");
  app.add_option("--tolerance", tolerance_, "Of --verify")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber)
      ->type_name("X")
      ->needs(verify);
  output->excludes(update);
  for (CLI::Option* alone : {top, convert, verify}) {
    alone->excludes(output)->excludes(update);
  }
  convert->excludes(top)->excludes(verify);
  top->excludes(verify);
}

std::vector<Example> TagCommand::examples() const {
  return {
      {"The nightly job: a folder of posters, named by item, to the tags that eval and fit read",
       {"balse tag posters --weights models/illust2vec_tag_ver200.caffemodel --update tags.csv"}},
      {"What a poster shows",
       {"balse tag poster.jpg --weights models/illust2vec_tag_ver200.caffemodel --category all "
        "--top 5"}},
      {"Weights that load faster, once",
       {"balse tag --weights models/illust2vec_tag_ver200.caffemodel --convert "
        "models/illust2vec.safetensors"}},
  };
}

void TagCommand::check_options() const {
  std::vector<NamedPath> inputs = tagger_.inputs();
  inputs.push_back({"--list", list_path_});
  inputs.push_back({"--verify", verify_path_});
  for (const std::string& input : inputs_) {
    inputs.push_back({"the poster", input});
  }
  std::vector<NamedPath> outputs = {{"--output", output_path_ == "-" ? "" : output_path_},
                                    {"--update", update_path_},
                                    {"--failures", failures_path_},
                                    {"--convert", convert_path_}};
  for (const std::string& path : {output_path_, update_path_}) {
    if (!path.empty() && path != "-") {
      for (const char* suffix : {".lock", ".partial", ".posters"}) {
        outputs.push_back({"the " + std::string(suffix) + " file of the output", path + suffix});
      }
    }
  }
  check_paths(inputs, outputs);
  const auto refuse = [](const std::string& found, const std::string& expected) {
    throw Error(ErrorKind::usage, {.found = found, .expected = expected});
  };
  if (inputs_.empty() && list_path_.empty() && convert_path_.empty()) {
    refuse("no posters to tag", "images, folders, --list FILE, or - for standard input");
  }
  if (!convert_path_.empty() && !(inputs_.empty() && list_path_.empty())) {
    refuse("--convert tags no posters", "posters in a run of their own");
  }
  if (!update_path_.empty() && format_.value() != TagFormat::csv) {
    refuse("--update with a format that is not csv", "--output to write the whole file anew");
  }
  if (top_ > 0 && format_.given()) {
    refuse("--top prints text to be read, in no other format", "--top or --format");
  }
  if (format_.value() == TagFormat::npz && output_path_.empty() && ::isatty(STDOUT_FILENO) == 1) {
    refuse("--format npz is nothing for a terminal", "--output FILE");
  }
}

PosterList TagCommand::collect() const {
  PosterCollector collector;
  for (const std::string& input : inputs_) {
    if (input == "-") {
      collector.add_standard_input(read_standard_input());
    } else {
      collector.add(input);
    }
  }
  if (!list_path_.empty()) {
    collector.add_list(list_path_);
  }
  PosterList list = collector.take();
  if (list.posters.empty() && list.failures.empty()) {
    throw Error(ErrorKind::no_input, {.file = inputs_.empty() ? list_path_ : inputs_.front(),
                                      .found = "no posters",
                                      .expected = "images, told by their content"});
  }
  return list;
}

void TagCommand::convert() const {
  const Illustration2VecTagger tagger = tagger_.read();
  AtomicFile file(convert_path_);
  write_illustration2vec(file, tagger.weights, *tagger.tags);
  file.commit();
  spdlog::info("{}: {} layers, {} parameters, {} tags", convert_path_, tagger.weights.layers.size(),
               tagger.weights.parameters(), tagger.tags->size());
}

TagSelection TagCommand::selection() const {
  return {.threshold = static_cast<float>(threshold_), .category = category_.value()};
}

std::unique_ptr<TagOutput> TagCommand::open_output(const Tagger& tagger) const {
  const bool update = !update_path_.empty();
  const std::string path = update ? update_path_ : output_path_.empty() ? "-" : output_path_;
  if (path == "-" && format_.value() != TagFormat::npz) {
    return make_streamed_output(tagger.tags, selection(), format_.value(), top_);
  }
  std::string settings =
      tagger.fingerprint + " " + tagger_.description() + " " + std::to_string(threshold_) + " " +
      std::to_string(category_.value() ? static_cast<int>(*category_.value()) : -1);
  settings += " " + text_fingerprint(to_json(tagger.tags));
  return make_file_output(
      tagger.tags, selection(),
      {.path = path, .format = format_.value(), .update = update, .settings = settings});
}

TagPostersOptions TagCommand::posters_options(const Tagger& tagger) const {
  return {.input = tagger.input, .batch = batch_, .decoders = resolve_threads(tagger_.threads())};
}

Image decode(std::span<const std::byte> file) {
  return imaging().decode(file);
}

/// What --verify needs: the probabilities of the only poster.
class VerifySink final : public PosterSink {
 public:
  void tagged(const Poster& /*poster*/, std::span<const float> probabilities) override {
    probabilities_.assign(probabilities.begin(), probabilities.end());
  }
  void failed(const Poster& poster, const std::string& reason) override {
    throw Error(ErrorKind::bad_data, {.file = poster.path, .found = reason});
  }
  const std::vector<float>& probabilities() const { return probabilities_; }

 private:
  std::vector<float> probabilities_;
};

void TagCommand::verify(const Tagger& tagger, const PosterList& list) const {
  if (list.posters.size() != 1 || !list.failures.empty()) {
    throw Error(ErrorKind::usage,
                {.found = "--verify with " +
                          std::to_string(list.posters.size() + list.failures.size()) + " pictures",
                 .expected = "the one picture whose probabilities the file holds"});
  }
  std::unique_ptr<Network> network;
  VerifySink sink;
  tag_posters(
      list.posters, posters_options(tagger), decode,
      [&]() -> Network& { return *(network = tagger.load()); }, sink);
  verify_tags(sink.probabilities(), tagger.tags, verify_path_, tolerance_);
}

/// Hands results on, notes failures, shows how far the run is.
class RunSink final : public PosterSink {
 public:
  RunSink(TagOutput& output, std::vector<PosterFailure>& failures, std::size_t total)
      : output_(output), failures_(failures), total_(total) {}

  void tagged(const Poster& poster, std::span<const float> probabilities) override {
    output_.add(poster, probabilities);
    ++done_;
  }
  void failed(const Poster& poster, const std::string& reason) override {
    failures_.push_back({poster.item, poster.path, reason});
    ++done_;
    ++failed_;
  }
  void batch_done() override {
    output_.batch_done();
    char text[64];
    std::snprintf(text, sizeof text, "%zu of %zu posters, %.1f images/s", done_, total_, rate());
    progress_.update(done_, total_, text);
  }
  std::size_t tagged_posters() const { return done_ - failed_; }
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }
  double rate() const { return static_cast<double>(done_) / seconds(); }

 private:
  TagOutput& output_;
  std::vector<PosterFailure>& failures_;
  std::size_t total_;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  Progress progress_;
};

void TagCommand::report(const std::vector<PosterFailure>& failures, std::size_t posters) const {
  for (const PosterFailure& failure : failures) {
    spdlog::warn("{}: {}", failure.path, failure.reason);
  }
  if (!failures_path_.empty()) {
    AtomicFile file(failures_path_);
    std::string rows = "item,path,reason\n";
    for (const PosterFailure& failure : failures) {
      append_field(rows, failure.item, ',');
      rows += ',';
      append_field(rows, failure.path, ',');
      rows += ',';
      append_field(rows, failure.reason, ',');
      rows += '\n';
    }
    file.write(rows);
    file.commit();
  }
  if (strict_ && !failures.empty()) {
    throw Error(ErrorKind::bad_data, {.found = std::to_string(failures.size()) + " of " +
                                               std::to_string(posters + failures.size()) +
                                               " posters could not be tagged"});
  }
}

void TagCommand::run(const std::vector<std::string>& /*command_line*/) {
  check_options();
  if (!convert_path_.empty()) {
    convert();
    return;
  }
  PosterList list = collect();
  imaging(max_pixels_);
  const Tagger tagger = tagger_.open();
  if (!verify_path_.empty()) {
    verify(tagger, list);
    return;
  }
  const std::unique_ptr<TagOutput> output = open_output(tagger);
  const std::vector<Poster> todo = output->plan(list.posters);
  std::unique_ptr<Network> network;
  std::optional<RunSink> sink;
  sink.emplace(*output, list.failures, todo.size());
  tag_posters(
      todo, posters_options(tagger), decode,
      [&]() -> Network& { return *(network = tagger.load()); }, *sink);
  const std::size_t tagged = sink->tagged_posters();
  const double seconds = sink->seconds();
  sink.reset();  // the progress line goes before anything else is said
  output->finish();
  spdlog::info("{} posters tagged in {:.1f} s, {} failed; {} weights of at least {:g}", tagged,
               seconds, list.failures.size(), output->weights(), threshold_);
  report(list.failures, tagged);
}

}  // namespace

std::unique_ptr<Command> make_tag_command() {
  return std::make_unique<TagCommand>();
}

}  // namespace balse::cli
