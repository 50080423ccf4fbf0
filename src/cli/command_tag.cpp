#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/row_text.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/tagging/imaging.hpp"
#include "balse/tagging/poster_list.hpp"
#include "balse/tagging/tag_posters.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "csv_safe.hpp"
#include "path_conflicts.hpp"
#include "result_file.hpp"
#include "tag_output.hpp"
#include "tag_run.hpp"
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
  std::vector<NamedPath> outputs() const;
  void check_options() const;
  PosterList collect() const;
  void convert() const;
  void verify(const Tagger& tagger, const PosterList& list) const;
  bool is_csv_safe() const;
  TagSelection selection() const;
  std::unique_ptr<TagOutput> open_output(const Tagger& tagger) const;
  void tag(const Tagger& tagger, const std::vector<Poster>& posters, PosterSink& sink) const;

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
  std::uint64_t lock_wait_ = 0;
  bool strict_ = false;
  CsvSafe csv_safe_;
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
  app.add_option("--list", list_path_,
                 "More posters: item,path rows, paths as seen from here; - is standard input")
      ->type_name("FILE");
  tagger_.declare(app);
  CLI::Option* output =
      app.add_option("--output", output_path_,
                     "Write there instead of to standard output, whole or not at all; a run that "
                     "was killed goes on where it was")
          ->check(file_name(true))
          ->type_name("FILE");
  CLI::Option* update =
      app.add_option("--update", update_path_,
                     "Tag only what is new or changed since this csv file was written, and "
                     "replace it; items without a poster here keep their rows")
          ->check(file_name())
          ->type_name("FILE");
  CLI::Option* format =
      format_.declare(app, "--format", "Of the output; npz is scipy's sparse matrix");
  format->default_str("csv");
  // The next --update would take the apostrophes for parts of the ids.
  csv_safe_.declare(app)->excludes(update);
  app.add_option("--threshold", threshold_, "Leave out weights below")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("X");
  category_.declare(app, "--category", "Which tags")->default_str("general");
  CLI::Option* top =
      app.add_option("--top", top_,
                     "Print the N most probable tags of each category, to be read, however "
                     "improbable")
          ->check(CLI::Range(1, 1'000'000))
          ->type_name("N");
  app.add_option("--failures", failures_path_, "Write item,path,reason of each poster that failed")
      ->check(file_name(true))
      ->type_name("FILE");
  add_lock_wait(app, lock_wait_);
  app.add_flag("--strict", strict_,
               "End with 65 if a poster could not be tagged, and with 3 where the work is done but "
               "something was warned of");
  app.add_option("--max-pixels", max_pixels_, "Refuse larger pictures before decoding them")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  app.add_option(
         "--batch", batch_,
         "Posters that go through the network at once; more than 16 take memory and are not "
         "faster")
      ->capture_default_str()
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  CLI::Option* convert =
      app.add_option("--convert", convert_path_,
                     "Write the weights and their tag list as safetensors, which load faster, and "
                     "tag nothing")
          ->check(file_name())
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
  top->excludes(verify)->excludes(format);  // it prints text to be read
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

/// All files that a run writes, with what names them.
std::vector<NamedPath> TagCommand::outputs() const {
  std::vector<NamedPath> outputs = {{"--update", update_path_}, {"--convert", convert_path_}};
  if (update_path_.empty() && convert_path_.empty() && verify_path_.empty()) {
    outputs.push_back(result_path(output_path_));
  }
  outputs.push_back({"--failures", failures_path_});
  for (const std::string& path : {output_path_, update_path_}) {
    if (!path.empty() && !is_stream(path)) {
      for (const char* suffix : {".lock", ".partial", ".posters"}) {
        outputs.push_back(
            {"the " + std::string(suffix) + " file of the output", resolved_path(path) + suffix});
      }
    }
  }
  return outputs;
}

void TagCommand::check_options() const {
  std::vector<NamedPath> inputs = tagger_.inputs();
  inputs.push_back({"--list", list_path_});
  inputs.push_back({"--verify", verify_path_});
  inputs.push_back(config());
  for (const std::string& input : inputs_) {
    inputs.push_back({"the poster", input});
  }
  check_paths(inputs, outputs());
  for (const NamedPath& whole :
       {NamedPath{"--update", update_path_}, NamedPath{"--convert", convert_path_}}) {
    if (!whole.path.empty()) {
      check_is_file(whole);
    }
  }
  is_csv_safe();  // or not: says what it does not go with
  const auto refuse = [](const std::string& found, const std::string& expected) {
    throw Error(ErrorKind::usage, {.found = found, .expected = expected});
  };
  if (inputs_.empty() && list_path_.empty() && convert_path_.empty()) {
    refuse("no posters to tag", "images, folders, --list FILE, or - for standard input");
  }
  if (std::isnan(threshold_)) {
    refuse("--threshold is no number", "0 to 1");
  }
  if (!convert_path_.empty() && !(inputs_.empty() && list_path_.empty())) {
    refuse("--convert tags no posters", "posters in a run of their own");
  }
  if (!update_path_.empty() && format_.value() != TagFormat::csv) {
    refuse("--update with a format that is not csv", "--output to write the whole file anew");
  }
  if (format_.value() == TagFormat::npz && output_path_.empty() && ::isatty(STDOUT_FILENO) == 1) {
    refuse("--format npz is nothing for a terminal", "--output FILE");
  }
}

PosterList TagCommand::collect() const {
  PosterCollector collector;
  for (const NamedPath& own : outputs()) {
    if (!own.path.empty() && !is_stream(own.path)) {
      collector.leave_out(resolved_path(own.path));
    }
  }
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
  spdlog::info("{}: {}, {}, {}", convert_path_, counted(tagger.weights.layers.size(), "layer"),
               counted(tagger.weights.parameters(), "parameter"),
               counted(tagger.tags->size(), "tag"));
}

bool TagCommand::is_csv_safe() const {
  return csv_safe_.value(format_.value() == TagFormat::csv && top_ == 0 && convert_path_.empty());
}

TagSelection TagCommand::selection() const {
  return {.threshold = static_cast<float>(threshold_), .category = category_.value()};
}

std::unique_ptr<TagOutput> TagCommand::open_output(const Tagger& tagger) const {
  const bool update = !update_path_.empty();
  const std::string path = update ? update_path_ : output_path_.empty() ? "-" : output_path_;
  if (is_stream(path) && format_.value() != TagFormat::npz) {
    return make_streamed_output(tagger.tags, selection(), path, format_.value(), top_,
                                is_csv_safe());
  }
  std::string settings =
      tagger.fingerprint + " " + tagger_.description() + " " + exact_text(threshold_) + " " +
      std::to_string(category_.value() ? static_cast<int>(*category_.value()) : -1);
  settings += " " + text_fingerprint(to_json(tagger.tags));
  settings += is_csv_safe() ? " csv-safe" : "";
  return make_file_output(tagger.tags, selection(),
                          {.path = path,
                           .format = format_.value(),
                           .csv_safe = is_csv_safe(),
                           .update = update,
                           .lock_wait = std::chrono::seconds(lock_wait_),
                           .settings = settings});
}

void TagCommand::tag(const Tagger& tagger, const std::vector<Poster>& posters,
                     PosterSink& sink) const {
  if (posters.empty()) {
    return;
  }
  // Before there are threads: a process of its own is made of this one.
  const std::unique_ptr<Network> network = tagger.start();
  tag_posters(
      posters, {.input = tagger.input, .batch = batch_, .decoders = tagger_.threads()},
      [](std::span<const std::byte> file) { return imaging().decode(file); },
      [&]() -> Network& {
        tagger.check(*network);
        return *network;
      },
      sink);
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
  verify_tags(sink.probabilities(), tagger.tags, verify_path_, tolerance_);
}

void TagCommand::run(const std::vector<std::string>& /*command_line*/) {
  check_options();
  if (!convert_path_.empty()) {
    convert();
    return;
  }
  PosterList list = collect();
  imaging(max_pixels_);
  const Tagger tagger = tagger_.open(batch_);
  if (!verify_path_.empty()) {
    verify(tagger, list);
    return;
  }
  // Opened before the work: a file that cannot be written must not cost an hour.
  std::optional<ResultFile> failures;
  if (!failures_path_.empty()) {
    failures.emplace(failures_path_);
  }
  const std::unique_ptr<TagOutput> output = open_output(tagger);
  const std::size_t total = list.posters.size() + list.failures.size();
  const std::vector<Poster> todo = output->plan(list.posters);
  std::size_t tagged = 0;
  double seconds = 0.0;
  {
    TagRun tag_run(*output, list.failures, todo.size());
    tag(tagger, todo, tag_run);
    tagged = tag_run.tagged_posters();
    seconds = tag_run.seconds();
  }  // the progress line goes before anything else is said
  report_failures(list.failures, failures ? &*failures : nullptr, is_csv_safe());
  output->finish();
  spdlog::info("{} tagged in {:.1f} s, {} failed; {} of at least {:g}", counted(tagged, "poster"),
               seconds, list.failures.size(), counted(output->weights(), "weight"), threshold_);
  if (strict_ && !list.failures.empty()) {
    throw Error(ErrorKind::bad_data, {.found = std::to_string(list.failures.size()) + " of " +
                                               counted(total, "poster") + " could not be tagged"});
  }
}

}  // namespace

std::unique_ptr<Command> make_tag_command() {
  return std::make_unique<TagCommand>();
}

}  // namespace balse::cli
