#include "balse/report/report_folder.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

#include "balse/data/json_depth.hpp"
#include "balse/report/results_table.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"

#include "page.hpp"

namespace balse {
namespace report {
namespace {

constexpr const char* kResultsName = "results.json";
constexpr int kDeepest = 100;

[[noreturn]] void refuse(const std::string& folder, const std::string& found) {
  throw Error(ErrorKind::usage, {.file = folder,
                                 .found = found,
                                 .expected = "an empty folder, none, or that of an earlier report",
                                 .hint = "another folder"});
}

[[noreturn]] void cannot_create(const std::string& path, int error_number) {
  throw Error(kind_of_failure(error_number, ErrorKind::cannot_create),
              {.file = path,
               .found = "cannot be created: " + system_message(error_number),
               .hint = "a folder within one that exists and is writable"});
}

/// Whether a folder is there after this: it was, or it is made.
void make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) == 0) {
    return;
  }
  const int failure = errno;
  struct stat status = {};
  if (failure != EEXIST || ::stat(path.c_str(), &status) != 0) {
    cannot_create(path, failure);
  }
  if (!S_ISDIR(status.st_mode)) {
    refuse(path, "is no folder");
  }
}

bool is_results(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return false;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file || json_deeper_than(content, kDeepest)) {
    return false;
  }
  const Json json = Json::parse(content, nullptr, false);
  return text(at(json, "schema")) == "balse-results";
}

bool is_empty(const std::string& folder) {
  std::error_code error;
  const std::filesystem::directory_iterator first(folder, error);
  if (error) {
    throw Error(kind_of_failure(error.value(), ErrorKind::cannot_create),
                {.file = folder,
                 .found = "cannot be read: " + error.message(),
                 .hint = "a folder of your own"});
  }
  return first == std::filesystem::directory_iterator();
}

void write_file(const std::string& path, std::string_view content,
                Durability durability = Durability::synced) {
  AtomicFile file(path, {.durability = durability});
  file.write(content);
  file.commit();
}

/// What an earlier report has and this one has not.
void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    throw Error(ErrorKind::io,
                {.file = path, .found = "cannot be removed: " + system_message(errno)});
  }
}

void write_or_remove(const std::string& path, std::string_view content,
                     Durability durability = Durability::synced) {
  content.empty() ? remove_file(path) : write_file(path, content, durability);
}

std::string json_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_figures(const DrawnFigures& drawn, const std::string& folder) {
  make_folder(folder);
  for (const std::string& name : all_drawing_names()) {
    const DrawnFigure* figure = nullptr;
    for (const DrawnFigure& candidate : drawn.figures) {
      figure = candidate.drawing.name == name ? &candidate : figure;
    }
    // Dozens of small files, which the results could draw again.
    const auto write = [&](const char* ending, std::string_view content) {
      std::string path = folder + "/";
      path += name;
      path += ending;
      write_or_remove(path, content, Durability::unhurried);
    };
    write(".csv", figure == nullptr ? std::string() : figure->drawing.data.csv());
    write(".svg", figure == nullptr ? std::string() : figure->svg);
    write(".png", figure == nullptr ? std::string() : figure->png);
  }
}

ReportSummary summary_of(const DrawnFigures& drawn) {
  ReportSummary summary{.figures = drawn.figures.size(), .problem = drawn.problem};
  for (const DrawnFigure& figure : drawn.figures) {
    summary.drawn += figure.svg.empty() || figure.png.empty() ? 0 : 1;
  }
  return summary;
}

}  // namespace
}  // namespace report

void prepare_report_folder(const std::string& folder) {
  using namespace report;
  make_folder(folder);
  if (!is_empty(folder) && !is_results(folder + "/" + kResultsName)) {
    refuse(folder, "has other files, and no report of balse");
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    cannot_create(folder, errno);
  }
}

ReportSummary write_report(const ReportInputs& inputs, const std::string& folder) {
  using namespace report;
  prepare_report_folder(folder);
  // First, so that what is here when anything fails is known for a report's.
  write_file(folder + "/" + kResultsName, json_text(inputs.results));
  const ResultsView view(inputs.results);
  const DrawnFigures drawn = draw_figures(view);
  write_figures(drawn, folder + "/figures");
  write_file(folder + "/table.md", markdown_results_table(inputs.results));
  write_file(folder + "/table.tex", latex_results_table(inputs.results));
  write_or_remove(folder + "/folds.csv", inputs.folds_csv);
  write_or_remove(folder + "/groups.csv", inputs.groups_csv);
  write_or_remove(folder + "/config.toml", inputs.config_toml);
  write_or_remove(folder + "/command.txt", inputs.command);
  write_file(folder + "/index.html", render_page({inputs, view, drawn}));
  return summary_of(drawn);
}

}  // namespace balse
