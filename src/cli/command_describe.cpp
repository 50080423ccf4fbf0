#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/data_set_facts.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "describe_report.hpp"
#include "reading_options.hpp"
#include "result_file.hpp"
#include "works_input.hpp"

namespace balse::cli {
namespace {

class DescribeCommand final : public Command {
 public:
  void setup(CLI::App& app) override {
    reading_.declare(app);
    reading_.declare_times(app);
    app.add_option("--works", works_path_, "Titles: item,title[,category]")
        ->type_name("FILE")
        ->group("Reading");
    add_works_columns(app, works_columns_)->group("Reading");
    const std::string output = "Output";
    format_.declare(app, "--format", "Of the description")->default_str("text")->group(output);
    app.add_option("--output", output_path_, "Write it there instead of to standard output")
        ->type_name("FILE")
        ->group(output);
  }

  std::vector<Example> examples() const override {
    return {{"What is in the files, before hours are spent on them",
             {"balse describe ratings.csv --tags tags.csv --works works.csv"}},
            {"The table of a paper's data set", {"balse describe ratings.csv --format markdown"}},
            {"Whether a night's file has what it should",
             {"balse describe ratings.csv --format json | python3 -m json.tool"}}};
  }

  void run(const std::vector<std::string>& command_line) override;

 private:
  ReadingOptions reading_;
  std::string works_path_;
  std::string works_columns_;
  std::string output_path_;
  Choice<DescribeFormat> format_{{"text", DescribeFormat::text},
                                 {"markdown", DescribeFormat::markdown},
                                 {"json", DescribeFormat::json}};
};

void DescribeCommand::run(const std::vector<std::string>& /*command_line*/) {
  std::vector<NamedPath> files = reading_.paths();
  files.insert(files.end(), {{"--works", works_path_}, config()});
  check_paths(files, {result_path(output_path_)});
  DataSetReport report;
  const Ratings ratings = reading_.read_ratings(report.ratings_read);
  report.ratings = facts_of(ratings);
  for (const RatingFile& file : report.ratings_read.files) {
    report.read_as.push_back(file.path + ": " + file.read_as +
                             (file.guess.empty() ? "" : "; " + file.guess));
  }
  ReadTagsSummary tags_read;
  const std::optional<Tags> tags = reading_.read_tags(tags_read);
  if (tags) {
    report.tags = facts_of(*tags, ratings);
    report.tags_read = tags_read;
    report.read_as.push_back(reading_.tags_path() + ": " + tags_read.read_as +
                             (tags_read.guess.empty() ? "" : "; " + tags_read.guess));
  }
  std::optional<Works> works;
  if (!works_path_.empty()) {
    ReadWorksSummary works_read;
    works = read_works_beside(works_path_, works_columns_, ratings.items, works_read);
    report.read_as.push_back(works_path_ + ": " + works_read.read_as);
    report.works_read = works_read;
  } else if (report.ratings_read.works.items.size() > 0) {
    works = report.ratings_read.works;
    report.works_read.emplace();
  }
  if (works) {
    report.works = facts_of(*works, ratings);
  }
  report.suspicions = suspicions(ratings, report.ratings, tags ? &tags->items : nullptr,
                                 works ? &works->items : nullptr);
  for (const std::string& suspicion : report.suspicions) {
    spdlog::warn("{}", suspicion);
  }
  ResultFile output(output_path_);
  output.write(render(report, format_.value()));
  output.commit();
}

}  // namespace

std::unique_ptr<Command> make_describe_command() {
  return std::make_unique<DescribeCommand>();
}

}  // namespace balse::cli
