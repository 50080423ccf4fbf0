#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/evaluation/run_comparison.hpp"
#include "balse/support/error.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "result_file.hpp"

namespace balse::cli {
namespace {

class CompareCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  std::vector<std::string> runs_;
  std::size_t replicates_ = 1000;
  std::uint64_t seed_ = 42;
  std::string output_path_;
  Choice<ComparisonFormat> format_{{"text", ComparisonFormat::text},
                                   {"markdown", ComparisonFormat::markdown},
                                   {"csv", ComparisonFormat::csv},
                                   {"json", ComparisonFormat::json}};
};

void CompareCommand::setup(CLI::App& app) {
  app.add_option("runs", runs_,
                 "results.json of two or more evaluations, or the folders of their reports; each "
                 "is compared with the first")
      ->type_name("RESULTS")
      ->required();
  app.add_option("--replicates", replicates_, "Bootstrap samples")
      ->capture_default_str()
      ->check(CLI::Range(10, 100000))
      ->type_name("N");
  app.add_option("--seed", seed_, "Of the bootstrap samples")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  format_.declare(app, "--format", "Of the result")->default_str("text");
  app.add_option("--output", output_path_, "Write the result there instead of to standard output")
      ->type_name("FILE");
}

std::vector<Example> CompareCommand::examples() const {
  return {{"Whether another rank is better, on the same folds",
           {"balse eval ratings.csv --tags tags.csv --report rank-20 > rank-20.txt",
            "balse eval ratings.csv --tags tags.csv --als-rank 40 --report rank-40 > rank-40.txt",
            "balse compare rank-20 rank-40"}}};
}

void CompareCommand::run(const std::vector<std::string>& /*command_line*/) {
  if (runs_.size() < 2) {
    throw Error(ErrorKind::usage, {.found = "there is one result",
                                   .expected = "two or more to compare",
                                   .hint = "balse compare a/results.json b/results.json"});
  }
  std::vector<NamedPath> files = {config()};
  std::vector<StoredRun> runs;
  for (const std::string& path : runs_) {
    runs.push_back(read_run(path));
    files.push_back({"RESULTS", runs.back().path});
  }
  check_paths(files, {result_path(output_path_)});
  ResultFile output(output_path_);
  output.write(render_comparison(compare_runs(runs, replicates_, seed_), format_.value()));
  output.commit();
}

}  // namespace

std::unique_ptr<Command> make_compare_command() {
  return std::make_unique<CompareCommand>();
}

}  // namespace balse::cli
