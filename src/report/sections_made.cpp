#include <algorithm>

#include "escape.hpp"
#include "html.hpp"
#include "numbers.hpp"
#include "page.hpp"

namespace balse::report {
namespace {

std::string folds_table(const ResultsView& view) {
  const Json& folds = view.part("folds");
  if (!folds.is_array() || folds.empty()) {
    return {};
  }
  HtmlTable table("Folds: sizes, and RMSE over all test ratings");
  std::vector<std::string> head = {"fold", "train", "validation", "test", "seconds"};
  for (const ModelRow& model : view.models()) {
    head.push_back(model.title);
  }
  table.head(head);
  for (std::size_t f = 0; f < folds.size(); ++f) {
    table.cell(std::to_string(f));
    table.cell(grouped(count(at(folds[f], "train_rows"))));
    table.cell(grouped(count(at(folds[f], "validation_rows"))));
    table.cell(grouped(count(at(at(folds[f], "test_rows"), "all"))));
    table.cell(fixed_or_dash(number(at(folds[f], "seconds")), 2));
    for (const ModelRow& model : view.models()) {
      table.cell(fixed_or_dash(number(at(at(at(folds[f], "rmse"), model.name), "all")), 4));
    }
    table.end_row();
  }
  return table.html();
}

std::string stages_table(const ResultsView& view) {
  HtmlTable table("Time and memory");
  table.head({"stage", "time", "peak memory"});
  for (const Json& stage : view.part("stages")) {
    const auto seconds = number(at(stage, "seconds"));
    const auto peak = number(at(stage, "peak_bytes"));
    table.cell(text(at(stage, "stage")));
    table.cell(seconds ? duration(*seconds) : "–");
    table.cell(peak ? megabytes(*peak) : "–");
    table.end_row();
  }
  return table.rows() == 0 ? "" : table.html();
}

std::string inputs_table(const Json& inputs) {
  HtmlTable table("What was read", "words");
  table.head({"what", "file", "SHA-256 of the unpacked bytes"});
  for (const Json& input : inputs) {
    table.cell(text(at(input, "role")));
    const std::uint64_t unrated = count(at(input, "unrated"));
    table.cell_html(
        escape_html(text(at(input, "path"))) +
        (unrated == 0 ? "" : "<small>" + grouped(unrated, "row") + " left out as unrated</small>"));
    table.cell_html("<code>" + escape_html(text(at(input, "sha256"))) + "</code>");
    table.end_row();
  }
  return table.rows() == 0 ? "" : table.html();
}

/// "als.rank" and its value, a row each.
void add_options(HtmlTable& table, const std::string& prefix, const Json& options) {
  for (const auto& [name, value] : options.items()) {
    std::string full = prefix;
    full += prefix.empty() ? "" : ".";
    full += name;
    if (value.is_object()) {
      add_options(table, full, value);
    } else {
      table.cell(full);
      table.cell_html(escape_html(text(value)));
      table.end_row();
    }
  }
}

std::string made_table(const Json& manifest) {
  HtmlTable table("How it was made", "words");
  table.head({"what", "value"});
  for (const char* key : {"version", "compiler", "processor", "date", "protocol", "seed", "threads",
                          "rating_scale", "seconds"}) {
    if (const std::string value = text(at(manifest, key)); !value.empty()) {
      std::string name = key;
      std::replace(name.begin(), name.end(), '_', ' ');
      table.cell(name);
      table.cell_html(escape_html(value));
      table.end_row();
    }
  }
  return table.rows() == 0 ? "" : table.html();
}

std::string shell_word(const std::string& word) {
  const bool plain =
      !word.empty() &&
      word.find_first_not_of(
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%") ==
          std::string::npos;
  if (plain) {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) {
    quoted += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return quoted + "'";
}

std::string command_of(const PageInputs& page) {
  if (!page.inputs.command.empty()) {
    return page.inputs.command;
  }
  std::string line;
  for (const Json& word : at(page.view.part("manifest"), "command_line")) {
    line += (line.empty() ? "" : " ") + shell_word(text(word));
  }
  return line;
}

}  // namespace

Section training_section(const PageInputs& page) {
  Section section{.id = "training", .title = "Training, time and memory"};
  section.html = figures_html(page, {"convergence", "stages"}) + stages_table(page.view) +
                 folds_table(page.view);
  return section;
}

Section made_section(const PageInputs& page) {
  Section section{.id = "made", .title = "What was read, and how"};
  const Json& manifest = page.view.part("manifest");
  if (!manifest.is_object()) {
    return section;
  }
  section.html = inputs_table(at(manifest, "inputs")) + made_table(manifest);
  if (const Json& options = at(manifest, "options"); options.is_object() && !options.empty()) {
    HtmlTable table("All options of training", "words");
    table.head({"option", "value"});
    add_options(table, "", options);
    section.html += details("All options", table.html());
  }
  return section;
}

Section repeat_section(const PageInputs& page) {
  Section section{.id = "repeat", .title = "To repeat it"};
  if (const std::string command = command_of(page); !command.empty()) {
    section.html += subheading("The command") + preformatted(command, "The command");
  }
  std::string config = page.inputs.config_toml;
  if (config.empty()) {
    config = text(at(page.view.part("manifest"), "config"));
  }
  if (!config.empty()) {
    section.html += subheading("The options as a file for --config") +
                    preformatted(config, "The options as a file");
  }
  return section;
}

}  // namespace balse::report
