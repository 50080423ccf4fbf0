#include "tag_command_options.hpp"

#include <unistd.h>

#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"

#include "result_file.hpp"

namespace balse::cli {
void TagCommandOptions::declare(CLI::App& app) {
  app.add_option("posters", posters,
                 "Images, and folders of images with all folders in them; - is an image on "
                 "standard input, or a path on each of its lines. A poster's item is its file's "
                 "name without extension")
      ->type_name("PATH");
  app.add_option("--list", list_path,
                 "More posters: item,path rows, paths as seen from here; - is standard input")
      ->type_name("FILE");
  tagger.declare(app);
  CLI::Option* output =
      app.add_option("--output", output_path,
                     "Write there instead of to standard output, whole or not at all; a run that "
                     "was killed goes on where it was")
          ->check(file_name(true))
          ->type_name("FILE");
  CLI::Option* update =
      app.add_option("--update", update_path,
                     "Tag only what is new or changed since this csv file was written, and "
                     "replace it; items without a poster here keep their rows")
          ->check(file_name())
          ->type_name("FILE");
  CLI::Option* format_option = format.declare(
      app, "--format",
      "Of the output; npz is scipy's sparse matrix, sidecar a .txt file beside each poster with "
      "its tags between commas");
  format_option->default_str("csv");
  CLI::Option* sidecars_option = sidecars.declare(
      app, "--sidecars", "What becomes of a poster's .txt file that is there already");
  sidecars_option->default_str("skip");
  // The next --update would take the apostrophes for parts of the ids.
  csv_safe.declare(app)->excludes(update);
  app.add_option("--threshold", threshold,
                 "Leave out weights below: a number, mcut (midway of the largest gap, poster by "
                 "poster), or one of these a category, as in general=0.35,character=0.85; as the "
                 "tagger's makers say if not given, 0.1 of Illustration2Vec")
      ->check(not_empty())
      ->type_name("X|mcut|LIST");
  app.add_option("--category", category,
                 "Which tags: categories between commas, or all; if not given "
                 "those that --threshold names, or else general")
      ->check(not_empty())
      ->type_name("LIST");
  app.add_option(
         "--exclude-tags", excluded,
         "Leave out these tags: names between commas, or @FILE with a name a line, where names "
         "that begin with @ are")
      ->check(not_empty())
      ->type_name("LIST|@FILE");
  app.add_option("--shard", shard,
                 "Tag only part I of N of the posters, told by their items: for N jobs beside each "
                 "other, whose tables balse convert puts together")
      ->check(not_empty())
      ->type_name("I/N");
  CLI::Option* embedding_option =
      app.add_option("--embedding", embedding_path,
                     "Also write what the network's last layer sees of each poster, its drawing "
                     "style: an .npz of items and embedding, which --features of eval and fit read")
          ->check(file_name())
          ->type_name("FILE");
  CLI::Option* top_option =
      app.add_option("--top", top,
                     "Print the N most probable tags of each category, to be read, however "
                     "improbable")
          ->check(CLI::Range(1, 1'000'000))
          ->type_name("N");
  app.add_option("--failures", failures_path, "Write item,path,reason of each poster that failed")
      ->check(file_name(true))
      ->type_name("FILE");
  add_lock_wait(app, lock_wait);
  app.add_flag("--strict", strict,
               "End with 65 if a poster could not be tagged, and with 3 where the work is done but "
               "something was warned of");
  app.add_option("--max-pixels", max_pixels, "Refuse larger pictures before decoding them")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  app.add_flag("--allow-truncated", allow_truncated,
               "Tag what is there of a JPEG, PNG, GIF or WebP that is cut short, the rest gray");
  app.add_option(
         "--batch", batch,
         "Posters that go through the network at once; more than 16 take memory and are not "
         "faster")
      ->capture_default_str()
      ->check(CLI::Range(1, 256))
      ->type_name("N");
  CLI::Option* convert =
      app.add_option("--convert", convert_path,
                     "Write the weights and their tag list as safetensors, which load faster, and "
                     "tag nothing")
          ->check(file_name())
          ->type_name("FILE");
  CLI::Option* verify =
      app.add_option("--verify", verify_path,
                     "Compare one picture's probabilities with those in this JSON file")
          ->type_name("FILE");
  app.add_option("--tolerance", tolerance, "Of --verify")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber)
      ->type_name("X")
      ->needs(verify);
  output->excludes(update);
  for (CLI::Option* alone : {top_option, convert, verify}) {
    alone->excludes(output)->excludes(update);
  }
  embedding_option->excludes(update)->excludes(convert)->excludes(verify);
  convert->excludes(top_option)->excludes(verify);
  top_option->excludes(verify)->excludes(format_option);  // it prints text to be read
}

std::vector<NamedPath> TagCommandOptions::outputs() const {
  std::vector<NamedPath> outputs = {
      {"--update", update_path}, {"--convert", convert_path}, {"--embedding", embedding_path}};
  if (format.value() != TagFormat::sidecar && update_path.empty() && convert_path.empty() &&
      verify_path.empty()) {
    outputs.push_back(result_path(output_path));
  }
  outputs.push_back({"--failures", failures_path});
  for (const std::string& path : {output_path, update_path}) {
    if (!path.empty() && !is_stream(path)) {
      for (const char* suffix : {".lock", ".partial", ".posters"}) {
        outputs.push_back(
            {"the " + std::string(suffix) + " file of the output", resolved_path(path) + suffix});
      }
    }
  }
  return outputs;
}

std::vector<NamedPath> TagCommandOptions::inputs(const NamedPath& config) const {
  std::vector<NamedPath> inputs = tagger.inputs();
  inputs.push_back({"--list", list_path});
  for (const std::string& names : excluded) {
    if (names.front() == '@') {
      inputs.push_back({"--exclude-tags", names.substr(1)});
    }
  }
  inputs.push_back({"--verify", verify_path});
  inputs.push_back(config);
  for (const std::string& poster : posters) {
    inputs.push_back({"the poster", poster});
  }
  return inputs;
}

void TagCommandOptions::check(const NamedPath& config) const {
  check_paths(inputs(config), outputs());
  for (const NamedPath& whole :
       {NamedPath{"--update", update_path}, NamedPath{"--convert", convert_path}}) {
    if (!whole.path.empty()) {
      check_is_file(whole);
    }
  }
  is_csv_safe();  // or not: says what it does not go with
  const auto refuse = [](const std::string& found, const std::string& expected) {
    throw Error(ErrorKind::usage, {.found = found, .expected = expected});
  };
  if (posters.empty() && list_path.empty() && convert_path.empty()) {
    refuse("no posters to tag", "images, folders, --list FILE, or - for standard input");
  }
  if (!threshold.empty()) {
    TagThresholds ignored;
    categories(set_thresholds(ignored, threshold));
  } else {
    categories({});
  }
  check_shard();
  if (format.value() == TagFormat::sidecar &&
      !(output_path.empty() && update_path.empty() && top == 0)) {
    refuse("--format sidecar with --output, --update or --top",
           "no name of a file: the tags go beside the posters");
  }
  if (format.value() == TagFormat::sidecar && !embedding_path.empty()) {
    refuse("--format sidecar with --embedding", "one of them");
  }
  if (!shard.empty() && !update_path.empty()) {
    refuse("--shard with --update", "--output, a table for each part");
  }
  if (sidecars.given() && sidecars.value() != SidecarExisting::skip &&
      format.value() != TagFormat::sidecar) {
    refuse("--sidecars without sidecars", "--format sidecar with it");
  }
  if (!convert_path.empty() && !(posters.empty() && list_path.empty())) {
    refuse("--convert tags no posters", "posters in a run of their own");
  }
  if (!update_path.empty() && format.value() != TagFormat::csv) {
    refuse("--update with a format that is not csv", "--output to write the whole file anew");
  }
  if (format.value() == TagFormat::npz && output_path.empty() && ::isatty(STDOUT_FILENO) == 1) {
    refuse("--format npz is nothing for a terminal", "--output FILE");
  }
}

bool TagCommandOptions::is_csv_safe() const {
  return csv_safe.value(format.value() == TagFormat::csv && top == 0 && convert_path.empty());
}

}  // namespace balse::cli
