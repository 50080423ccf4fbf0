#include "fit_outputs.hpp"

#include <CLI/CLI.hpp>

#include "balse/support/error.hpp"

#include "choices.hpp"
#include "run_report.hpp"

namespace balse::cli {

void FitOutputs::declare(CLI::App& app) {
  app.add_option("--model", model_path_,
                 "Write the model there (safetensors); an old one stays until the new one is whole")
      ->required()
      ->type_name("FILE");
  const std::string output = "Output";
  app.add_option("--keep", keep_,
                 "Keep as many models of before, MODEL.1 the newest; mv MODEL.1 MODEL goes back")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000))
      ->type_name("N")
      ->group(output);
  app.add_option("--report", report_path_,
                 "Write what was trained, and how well, as JSON; where it fails, why")
      ->type_name("FILE")
      ->group(output);
  app.add_option("--lock", lock_path_,
                 "Hold this lock while running; a second run ends with 75. MODEL.lock, removed "
                 "afterwards, if not given")
      ->type_name("FILE")
      ->group(output);
  add_lock_wait(app, lock_wait_)->group(output);
}

// Where the model is reached by several names, they share a lock.
std::string FitOutputs::lock_path() const {
  if (!lock_path_.empty()) {
    return lock_path_;
  }
  return resolved_path(model_path_) + ".lock";
}

ModelHistory FitOutputs::history() const {
  return {resolved_path(model_path_), keep_};
}

void FitOutputs::check(const std::vector<NamedPath>& inputs, const NamedPath& start) const {
  if (model_path_.empty()) {
    throw Error(ErrorKind::usage, {.found = "--model is empty", .expected = "a file name"});
  }
  check_is_file({"--model", model_path_});
  if (lock_path_ == "-") {
    throw Error(ErrorKind::usage,
                {.found = "--lock - is no file", .expected = "the name of a file"});
  }
  const std::vector<NamedPath> besides = {
      {"--report", report_path_},
      {lock_path_.empty() ? "the lock of --model" : "--lock", lock_path()},
      {"the lock of --report", RunReport::lock_path(report_path_)}};
  // Each by itself: models that are kept may be links to one file, or to the present one.
  std::vector<NamedPath> models = history().paths();
  models.push_back({"--model", model_path_});
  for (const NamedPath& model : models) {
    std::vector<NamedPath> outputs = besides;
    outputs.insert(outputs.begin(), model);
    check_paths(inputs, outputs);
  }
  // The model to start from may be the one that is replaced or kept, but nothing else.
  check_paths({start}, besides);
}

}  // namespace balse::cli
