#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/support/atomic_file.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"
#include "balse/synthesis/synthesize.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "progress.hpp"

namespace balse::cli {
namespace {

class SynthCommand : public Command {
 public:
  void setup(CLI::App& app) override {
    app.add_option(
           "--output", output_,
           "Folder for ratings.csv, works.csv and tags.csv (or truth.csv and posters); made "
           "if it is missing")
        ->required()
        ->check(file_name())
        ->type_name("FOLDER");
    app.add_flag("--force", force_, "Replace such files, if there are any; without it they stay");
    const auto whole = [&app](const char* name, auto& target, const char* description) {
      app.add_option(name, target, description)->capture_default_str()->check(whole_number());
    };
    const auto number = [&app](const char* name, auto& target, const char* description) {
      app.add_option(name, target, description)
          ->capture_default_str()
          ->check(CLI::NonNegativeNumber);
    };
    whole("--users", options_.users, "How many users");
    whole("--items", options_.items, "How many items");
    whole("--ratings", options_.ratings, "How many ratings, all of distinct pairs");
    whole("--tags", options_.tags, "How many tags");
    app.add_flag(
           "--posters", options_.posters,
           "Draw the posters, as FOLDER/posters/ITEM.jpg, for balse tag; truth.csv holds what "
           "they show, and there is no tags.csv")
        ->excludes("--tags");
    number("--poster-share", options_.poster_share,
           "Share of the items that have a poster, so tags; 0 to 1");
    number("--content", options_.content,
           "How strongly tags drive ratings; 0 not at all, 1 they say all about an item");
    whole("--seed", options_.seed, "The same seed gives the same bytes");
    app.add_flag("--numeric", numeric_,
                 "Write ratings as the paper's numbers (4, 2, 0.1, -2, 0.5, -0.5), not in words");
  }

  std::vector<Example> examples() const override {
    return {
        {"Mangaki's shape, in the folder synthetic",
         {"balse synth --output synthetic",
          "balse eval synthetic/ratings.csv --tags synthetic/tags.csv"}},
        {"Twenty million ratings",
         {"balse synth --output large --users 100000 --items 50000 --ratings 20000000"}},
        {"With posters to tag",
         {"balse synth --output drawn --posters --users 300 --items 900 --ratings 11500"}},
    };
  }

  void run(const std::vector<std::string>& /*command_line*/) override {
    if (const std::string problem = options_.validate(); !problem.empty()) {
      throw Error(ErrorKind::usage, {.found = problem});
    }
    make_folder();
    check_files();
    const auto begin = std::chrono::steady_clock::now();
    const SyntheticData data(options_);
    if (options_.posters) {
      draw(data);  // first, as this may refuse what lies there
    }
    write("ratings.csv", [&](const TextSink& sink) { write_ratings_csv(data, numeric_, sink); });
    write(tags_name(), [&](const TextSink& sink) { write_tags_csv(data, sink); });
    write("works.csv", [&](const TextSink& sink) { write_works_csv(data, sink); });
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    spdlog::info("{}: {} by {} of {}, {}, in {:.1f} s", output_,
                 counted(options_.ratings, "rating"), counted(options_.users, "user"),
                 counted(options_.items, "item"), counted(data.tags().tag.size(), "tag weight"),
                 seconds.count());
  }

 private:
  void draw(const SyntheticData& data) const {
    Progress progress;
    write_posters(data, (std::filesystem::path(output_) / "posters").string(),
                  force_ ? Existing::replace : Existing::refuse, resolve_threads(0),
                  [&](std::size_t done, std::size_t total) {
                    progress.update(done, total, "drawing posters");
                  });
  }

  void make_folder() const {
    std::error_code error;
    std::filesystem::create_directories(output_, error);
    if (error) {
      throw Error(ErrorKind::cannot_create, {.file = output_,
                                             .found = "cannot be made: " + error.message(),
                                             .hint = "a folder you may write to"});
    }
  }

  const char* tags_name() const { return options_.posters ? "truth.csv" : "tags.csv"; }

  /// Before the work: ratings and tags are what people have under just these names.
  void check_files() const {
    for (const char* name : {"ratings.csv", "works.csv", tags_name()}) {
      const std::string path = (std::filesystem::path(output_) / name).string();
      std::error_code error;
      if (!force_ && std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
        throw Error(ErrorKind::cannot_create, {.file = path,
                                               .found = "is there already, and may be yours",
                                               .hint = "--force to replace it, or another folder"});
      }
    }
  }

  template <typename Write>
  void write(const char* name, const Write& write_to) const {
    AtomicFile file((std::filesystem::path(output_) / name).string());
    write_to([&](std::string_view bytes) { file.write(bytes); });
    file.commit();
  }

  std::string output_;
  SynthesisOptions options_;
  bool numeric_ = false;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_synth_command() {
  return std::make_unique<SynthCommand>();
}

}  // namespace balse::cli
