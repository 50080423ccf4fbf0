#include "tag_command_options.hpp"

#include <cmath>
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
  CLI::Option* format_option =
      format.declare(app, "--format", "Of the output; npz is scipy's sparse matrix");
  format_option->default_str("csv");
  // The next --update would take the apostrophes for parts of the ids.
  csv_safe.declare(app)->excludes(update);
  app.add_option("--threshold", threshold, "Leave out weights below")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("X");
  category.declare(app, "--category", "Which tags")->default_str("general");
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
  convert->excludes(top_option)->excludes(verify);
  top_option->excludes(verify)->excludes(format_option);  // it prints text to be read
}

std::vector<NamedPath> TagCommandOptions::outputs() const {
  std::vector<NamedPath> outputs = {{"--update", update_path}, {"--convert", convert_path}};
  if (update_path.empty() && convert_path.empty() && verify_path.empty()) {
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

void TagCommandOptions::check(const NamedPath& config) const {
  std::vector<NamedPath> inputs = tagger.inputs();
  inputs.push_back({"--list", list_path});
  inputs.push_back({"--verify", verify_path});
  inputs.push_back(config);
  for (const std::string& poster : posters) {
    inputs.push_back({"the poster", poster});
  }
  check_paths(inputs, outputs());
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
  if (std::isnan(threshold)) {
    refuse("--threshold is no number", "0 to 1");
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

TagSelection TagCommandOptions::selection() const {
  return {.threshold = static_cast<float>(threshold), .category = category.value()};
}

}  // namespace balse::cli
