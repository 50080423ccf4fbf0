#include "balse/report/report_folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "report/sample_results.hpp"
#include "support/errors.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace {

namespace fs = std::filesystem;

/// PATH as it is to be for a while.
class PathVariable {
 public:
  explicit PathVariable(const std::string& value) {
    if (const char* const before = std::getenv("PATH")) {
      before_ = before;
    }
    ::setenv("PATH", value.c_str(), 1);
  }
  ~PathVariable() { ::setenv("PATH", before_.c_str(), 1); }
  PathVariable(const PathVariable&) = delete;
  PathVariable& operator=(const PathVariable&) = delete;

 private:
  std::string before_;
};

/// Without gnuplot, which takes seconds for all figures.
ReportSummary write_undrawn(const Json& results, const std::string& folder) {
  const TemporaryFolder empty;
  const PathVariable path(empty.path());
  return write_report({.results = results, .config_toml = "[eval]\n"}, folder);
}

Json few_results() {
  Json all = sample_results();
  Json few;
  for (const char* key : {"schema", "schema_version", "manifest", "models", "figures"}) {
    few[key] = all[key];
  }
  return few;
}

/// A program called gnuplot that is this script.
std::string fake_gnuplot(const TemporaryFolder& folder, const std::string& script) {
  const std::string path = folder.write("gnuplot", "#!/bin/sh\n" + script);
  ::chmod(path.c_str(), 0755);
  return folder.path();
}

}  // namespace

TEST_CASE("a report's folder is made, but not those above it", "[report]") {
  const TemporaryFolder folder;
  prepare_report_folder(folder.path("new"));
  CHECK(fs::is_directory(folder.path("new")));
  const Error error = error_of([&] { prepare_report_folder(folder.path("a/b")); });
  CHECK(error.kind() == ErrorKind::cannot_create);
  CHECK_FALSE(fs::exists(folder.path("a")));
}

TEST_CASE("a folder of other files is refused, and stays as it is", "[report]") {
  const TemporaryFolder folder;
  folder.write("thesis.tex", "years of work");
  Error error = error_of([&] { write_undrawn(few_results(), folder.path()); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(error.parts().hint == "another folder");
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);

  for (const char* other : {"{}", "not JSON", R"({"schema": "theirs"})", "[[[", ""}) {
    folder.write("results.json", other);
    error = error_of([&] { prepare_report_folder(folder.path()); });
    CHECK(error.kind() == ErrorKind::usage);
  }
  error = error_of([&] { prepare_report_folder(folder.path("thesis.tex")); });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(read_file(folder.path("thesis.tex")) == "years of work");
}

TEST_CASE("an earlier report is replaced, and nothing else touched", "[report]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("report");
  write_undrawn(sample_results(), path);
  CHECK(fs::exists(path + "/figures/gate.csv"));
  CHECK(fs::exists(path + "/config.toml"));
  folder.write("report/notes.txt", "mine");
  folder.write("report/figures/gate.svg", "of before");
  folder.write("report/figures/mine.svg", "mine");

  const Json few = few_results();
  const TemporaryFolder empty;
  const PathVariable variable(empty.path());
  const ReportSummary summary = write_report({.results = few}, path);
  CHECK(summary.figures == 1);
  CHECK(Json::parse(read_file(path + "/results.json")) == few);
  CHECK(fs::exists(path + "/figures/rmse.csv"));
  CHECK_FALSE(fs::exists(path + "/figures/gate.csv"));
  CHECK_FALSE(fs::exists(path + "/figures/gate.svg"));
  CHECK_FALSE(fs::exists(path + "/config.toml"));
  CHECK(read_file(path + "/notes.txt") == "mine");
  CHECK(read_file(path + "/figures/mine.svg") == "mine");
}

TEST_CASE("without gnuplot the page has tables and says why", "[report]") {
  const TemporaryFolder folder;
  const ReportSummary summary = write_undrawn(sample_results(), folder.path("report"));
  CHECK(summary.figures == 18);
  CHECK(summary.drawn == 0);
  CHECK(summary.problem == "gnuplot is not installed");
  const std::string page = read_file(folder.path("report/index.html"));
  CHECK(page.find("gnuplot is not installed") != std::string::npos);
  CHECK(page.find("<svg") == std::string::npos);
  CHECK(page.find("Data of the figure: The gate over the items&#39; counts") != std::string::npos);
  CHECK_FALSE(fs::exists(folder.path("report/figures/gate.svg")));
}

TEST_CASE("a gnuplot that fails or draws no figure fails no evaluation", "[report]") {
  const TemporaryFolder folder;
  const Json results = few_results();
  const auto problem_of = [&](const std::string& script) {
    const TemporaryFolder programs;
    const PathVariable path(fake_gnuplot(programs, script));
    return write_report({.results = results}, folder.path("report")).problem;
  };
  CHECK(problem_of("echo 'line 3: wrong' >&2; exit 3") ==
        "gnuplot failed and said \"line 3: wrong\"");
  CHECK(problem_of("kill -SEGV $$") == "gnuplot ended by signal 11");
  CHECK(problem_of("exit 0") == "gnuplot drew nothing and said \"\"");
  // What is no picture does not get into the page.
  CHECK(problem_of("echo '<svg viewBox=\"0 0 1 1\"><script>alert(1)</script></svg>'").empty());
  const std::string page = read_file(folder.path("report/index.html"));
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<svg") == std::string::npos);
}

TEST_CASE("parts that are missing are left out", "[report]") {
  const TemporaryFolder folder;
  write_undrawn(few_results(), folder.path("report"));
  std::string page = read_file(folder.path("report/index.html"));
  CHECK(page.find("id=\"accuracy\"") != std::string::npos);
  for (const char* id :
       {"comparisons", "gate", "slices", "users", "ranking", "data", "posters", "training"}) {
    CHECK(page.find("id=\"" + std::string(id) + "\"") == std::string::npos);
  }
  // Nor does a report need anything at all, nor values of the right type.
  write_undrawn({{"schema", "balse-results"}}, folder.path("report"));
  Json wrong = {{"schema", "balse-results"}};
  const Json whole = sample_results();
  for (const auto& [key, value] : whole.items()) {
    if (key != "schema") {
      wrong[key] = Json::array({1, "two", nullptr, Json::array()});
    }
  }
  CHECK_NOTHROW(write_undrawn(wrong, folder.path("report")));
  for (const auto& [key, value] : whole.items()) {
    Json null = whole;
    null[key] = key == "schema" ? value : Json(nullptr);
    CHECK_NOTHROW(write_undrawn(null, folder.path("report")));
  }
}

TEST_CASE("what is not UTF-8 does not fail a report", "[report]") {
  const TemporaryFolder folder;
  Json results = few_results();
  results["manifest"]["inputs"][0]["path"] = "r\xff.csv";
  results["models"][0]["title"] = "\xc3";
  write_undrawn(results, folder.path("report"));
  CHECK(Json::accept(read_file(folder.path("report/results.json"))));
}

TEST_CASE("posters are in the page", "[report]") {
  const TemporaryFolder folder;
  const Json results = few_results();
  std::vector<PosterWithTags> posters = sample_posters();
  posters[1].mime_type = "text/html";
  const TemporaryFolder empty;
  const PathVariable path(empty.path());
  write_report({.results = results, .posters = posters}, folder.path("report"));
  const std::string page = read_file(folder.path("report/index.html"));
  CHECK(page.find("<img src=\"data:image/png;base64,iVBORw0KGgo") != std::string::npos);
  CHECK(page.find("text/html") == std::string::npos);
  CHECK(page.find("Poster of Wolkenburg: The Clockwork &quot;Umbrella&quot; &lt;3") !=
        std::string::npos);
  CHECK(page.find("<b>") == std::string::npos);
}

TEST_CASE("a full disk is an error", "[report]") {
  if (!fs::exists("/dev/full")) {
    skipped("no /dev/full");
    return;
  }
  const TemporaryFolder folder;
  fs::create_directory(folder.path("report"));
  fs::create_symlink("/dev/full", folder.path("report/table.md"));
  folder.write("report/results.json", R"({"schema": "balse-results"})");
  const Error error = error_of([&] { write_undrawn(few_results(), folder.path("report")); });
  CHECK(error.kind() == ErrorKind::io);
}
