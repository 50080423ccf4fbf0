#include "balse/evaluation/stored_run.hpp"

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/number_text.hpp"

namespace balse {
namespace {

template <typename Number>
Number group_number(std::string_view text, const std::string& path, std::uint64_t line) {
  const std::optional<Number> number = number_in<Number>(text);
  if (!number) {
    throw Error(
        ErrorKind::bad_data,
        {.file = path, .line = line, .found = "found " + shorten(text), .expected = "a number"});
  }
  return *number;
}

GroupTable read_groups(const std::string& path) {
  InputFile file(path);
  std::string_view line;
  LineSplitter fields(",");
  GroupTable table;
  if (!file.next_line(line) || !fields.split(line) || fields.size() < 4 || fields[1] != "fold" ||
      fields[2] != "rows") {
    throw Error(ErrorKind::bad_data, {.file = path,
                                      .line = 1,
                                      .found = "found " + shorten(line),
                                      .expected = "user or item, fold, rows, then models"});
  }
  table.of = fields[0];
  table.models.assign(fields.begin() + 3, fields.end());
  while (file.next_line(line)) {
    if (!fields.split(line) || fields.size() != table.models.size() + 3) {
      throw Error(ErrorKind::bad_data,
                  {.file = path,
                   .line = file.line_number(),
                   .found = "found " + shorten(line),
                   .expected = std::to_string(table.models.size() + 3) + " columns"});
    }
    const std::uint64_t number = file.line_number();
    GroupSums sums{.rows = group_number<double>(fields[2], path, number), .squares = {}};
    for (std::size_t m = 0; m < table.models.size(); ++m) {
      sums.squares.push_back(group_number<double>(fields[3 + m], path, number));
    }
    table.sums[{std::string(fields[0]), group_number<std::size_t>(fields[1], path, number)}] =
        std::move(sums);
  }
  return table;
}

}  // namespace

StoredRun read_run(const std::string& path) {
  namespace fs = std::filesystem;
  StoredRun run{.path = path, .results = {}, .groups = {}};
  if (fs::is_directory(path)) {
    run.path = (fs::path(path) / "results.json").string();
  }
  InputFile file(run.path);
  std::string text;
  for (std::string_view chunk; file.next_chunk(chunk);) {
    text += chunk;
  }
  run.results = Json::parse(text, nullptr, false);
  const bool ours = run.results.is_object() && run.results.value("schema", "") == "balse-results";
  if (!ours || run.results.value("schema_version", 0) != 1) {
    throw Error(ErrorKind::bad_data,
                {.file = run.path,
                 .found = !ours ? "is no result of balse eval"
                                : "is of a schema that this balse does not know",
                 .expected = "what balse eval --format json, or --report, wrote"});
  }
  const fs::path groups = fs::path(run.path).parent_path() / kGroupsFile;
  if (run.path != "-" && fs::exists(groups)) {
    run.groups = read_groups(groups.string());
  }
  return run;
}

}  // namespace balse
