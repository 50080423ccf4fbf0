#include "serving/pair_worker.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "balse/data/bad_rows.hpp"
#include "balse/data/row_text.hpp"

namespace balse {
namespace {

char delimiter_of(RowFormat format) {
  return format == RowFormat::tsv ? '\t' : ',';
}

// What to predict by: the best, then what columns ask for, as far as it is there.
std::vector<Model> models_of(const Predictors& predictors, const PredictPairsOptions& options) {
  std::vector<Model> models = {predictors.best()};
  for (const PredictionColumn& column : options.more) {
    if (column.what == PredictionColumn::What::model && predictors.find(column.model) != nullptr &&
        std::find(models.begin(), models.end(), column.model) == models.end()) {
      models.push_back(column.model);
    }
  }
  return models;
}

}  // namespace

PairWorker::PairWorker(const TrainedModel& model, const Predictors& predictors,
                       const PredictPairsOptions& options)
    : model_(model),
      options_(options),
      predictors_(predictors),
      best_(predictors.best()),
      models_(models_of(predictors, options)),
      joint_(predictors, models_),
      head_(model.users.size() + 1),
      by_row_(models_.size()) {
  for (const PredictionColumn& column : options.more) {
    const auto at = std::find(models_.begin(), models_.end(), column.model);
    place_of_.push_back(at == models_.end() ? kMissing
                                            : static_cast<std::size_t>(at - models_.begin()));
  }
}

void PairWorker::process(Chunk& chunk) {
  chunk.out.clear();
  chunk.rows = chunk.bad_rows = 0;
  chunk.first_bad_rows.clear();
  chunk.fallbacks = {};
  chunk.failure.reset();
  chunk.lost_member.clear();
  errors_.clear();
  format_ = output_format(*chunk.lines.layout, options_);
  if (splitter_.delimiter() != chunk.lines.layout->delimiter) {
    splitter_ = LineSplitter(chunk.lines.layout->delimiter);
  }
  read_rows(chunk);
  predict();
  write_rows(chunk);
}

void PairWorker::read_rows(Chunk& chunk) {
  rows_.clear();
  const std::string_view text = chunk.lines.text;
  std::uint64_t line_number = chunk.lines.lines_before;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t newline = text.find('\n', begin);
    const std::size_t end = newline == std::string_view::npos ? text.size() : newline;
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    ++line_number;
    if (!is_blank(line) && !read_row(chunk, line, line_number)) {
      return;
    }
    begin = end + 1;
  }
}

// False where reading must stop.
bool PairWorker::read_row(Chunk& chunk, std::string_view line, std::uint64_t line_number) {
  return chunk.lines.layout->is_json ? read_json(chunk, line, line_number)
                                     : read_fields(chunk, line, line_number);
}

bool PairWorker::read_fields(Chunk& chunk, std::string_view line, std::uint64_t line_number) {
  const PairLayout& layout = *chunk.lines.layout;
  const std::size_t columns = layout.names.size();
  const bool quotes_fit = splitter_.split(line, columns + 1);
  if (!quotes_fit || splitter_.size() != columns) {
    std::string found = std::string(splitter_.problem()) + " in " + shorten(line);
    if (quotes_fit) {
      splitter_.split(line);
      found = wrong_count(splitter_.size(), line, layout.delimiter);
    }
    return reject(chunk, line, line_number,
                  {.found = std::move(found),
                   .expected = std::to_string(columns) + ", as in the first row",
                   .hint = "--delimiter or --skip-bad-rows"},
                  true);
  }
  return keep_row(chunk, line, line_number, splitter_[layout.user], splitter_[layout.item]);
}

bool PairWorker::read_json(Chunk& chunk, std::string_view line, std::uint64_t line_number) {
  const PairLayout& layout = *chunk.lines.layout;
  const auto fail = [&](const std::string& found) {
    return reject(chunk, line, line_number,
                  {.found = found,
                   .expected = "an object with " + shorten(layout.members[layout.user]) + " and " +
                               shorten(layout.members[layout.item]),
                   .hint = "--skip-bad-rows"},
                  true);
  };
  const auto object = nlohmann::json::parse(line, nullptr, false);
  if (!object.is_object()) {
    return fail("no JSON object in " + shorten(line));
  }
  std::array<std::string, 2> ids;
  for (const bool is_item : {false, true}) {
    const auto member = object.find(layout.members[is_item ? layout.item : layout.user]);
    if (member == object.end() || !(member->is_string() || member->is_number())) {
      return fail(std::string(is_item ? "no item" : "no user") + " in " + shorten(line));
    }
    ids[is_item ? 1 : 0] = member->is_string() ? member->get<std::string>() : member->dump();
  }
  return keep_row(chunk, line, line_number, ids[0], ids[1]);
}

bool PairWorker::keep_row(Chunk& chunk, std::string_view line, std::uint64_t line_number,
                          std::string_view user, std::string_view item) {
  const auto known_user = model_.users.find(user);
  const auto known_item = model_.items.find(item);
  // Known ids are text; what is passed on besides is looked at where it can be wrong.
  const bool all_known =
      known_user && known_item &&
      user.size() + item.size() + chunk.lines.layout->delimiter.size() == line.size();
  if (!all_known && !is_text(line)) {
    return reject(
        chunk, line, line_number,
        {.found = not_text(line), .expected = "UTF-8 text", .hint = "iconv -f latin1 -t utf-8"},
        true);
  }
  if (user.empty() || item.empty()) {
    return reject(chunk, line, line_number,
                  {.found = "an empty id in " + shorten(line), .hint = "--skip-bad-rows"}, true);
  }
  if (options_.strict && !(known_user && known_item)) {
    return reject(chunk, line, line_number,
                  {.found = std::string(known_user ? "item " : "user ") +
                            shorten(known_user ? item : user) + " is unknown to the model",
                   .hint = "without --strict every pair gets a prediction"},
                  false);
  }
  rows_.push_back({static_cast<std::uint32_t>(line.data() - chunk.lines.text.data()),
                   static_cast<std::uint32_t>(line.size()),
                   known_user.value_or(static_cast<std::uint32_t>(model_.users.size())),
                   known_item.value_or(static_cast<std::uint32_t>(model_.items.size()))});
  return true;
}

// A row that is skipped is answered all the same: who asks line by line counts the answers.
bool PairWorker::reject(Chunk& chunk, std::string_view line, std::uint64_t line_number,
                        ErrorParts parts, bool can_skip) {
  if (options_.skip_bad_rows && can_skip) {
    errors_.push_back(parts.found + (parts.expected.empty() ? "" : "; expected " + parts.expected));
    rows_.push_back({static_cast<std::uint32_t>(line.data() - chunk.lines.text.data()),
                     static_cast<std::uint32_t>(line.size()), 0, 0,
                     static_cast<std::uint32_t>(errors_.size())});
  }
  parts.file = chunk.lines.layout->path;
  parts.line = line_number;
  if (!options_.skip_bad_rows || !can_skip) {
    chunk.failure = std::move(parts);
    return false;
  }
  ++chunk.bad_rows;
  if (chunk.first_bad_rows.size() < BadRows::kDescribed) {
    parts.hint.clear();  // it was followed: the row is skipped
    chunk.first_bad_rows.emplace_back(Error(ErrorKind::bad_data, std::move(parts)).what());
  }
  return true;
}

void PairWorker::predict() {
  next_.resize(rows_.size());
  for (std::vector<double>& column : by_row_) {
    column.resize(rows_.size());
  }
  users_.clear();
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (rows_[row].error != 0) {
      continue;
    }
    std::uint32_t& head = head_[rows_[row].user];
    if (head == 0) {
      users_.push_back(rows_[row].user);
    }
    next_[row] = head;
    head = static_cast<std::uint32_t>(row) + 1;
  }
  for (const std::uint32_t user : users_) {
    list_.clear();
    items_.clear();
    for (std::uint32_t at = std::exchange(head_[user], 0); at != 0; at = next_[at - 1]) {
      list_.push_back(at - 1);
      items_.push_back(rows_[at - 1].item);
    }
    joint_.predict_items(user, items_, scratch_);
    for (std::size_t m = 0; m < by_row_.size(); ++m) {
      const auto predictions = joint_.column(m);
      for (std::size_t k = 0; k < list_.size(); ++k) {
        by_row_[m][list_[k]] = predictions[k];
      }
    }
  }
}

Fallback PairWorker::fallback_of(const Row& row) const {
  return predictors_.find(best_)->fallback(row.user, row.item);
}

void PairWorker::write_rows(Chunk& chunk) {
  const bool json = format_ == RowFormat::jsonl;
  chunk.out.reserve(chunk.lines.text.size() + rows_.size() * 16);
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    const Row& row = rows_[k];
    if (row.error != 0) {
      write_error(chunk, row, chunk.out);
      continue;
    }
    ++chunk.rows;
    ++chunk.fallbacks[static_cast<std::size_t>(fallback_of(row))];
    write_pair(chunk, row, chunk.out);
    if (json) {
      chunk.out += ",\"prediction\":";
    } else {
      chunk.out += delimiter_of(format_);
    }
    append_prediction(chunk.out, by_row_[0][k]);
    write_more(k, chunk.out);
    if (!json && options_.skip_bad_rows) {
      chunk.out += delimiter_of(format_);  // no error
    }
    chunk.out += json ? "}\n" : "\n";
  }
}

// What can be told of the row, and what is wrong with it.
void PairWorker::write_error(Chunk& chunk, const Row& row, std::string& out) {
  const PairLayout& layout = *chunk.lines.layout;
  const std::string_view line = std::string_view(chunk.lines.text).substr(row.begin, row.length);
  const std::string& error = errors_[row.error - 1];
  if (format_ == RowFormat::jsonl) {
    const std::size_t before = out.size();
    if (is_text(line) && (layout.is_json ? nlohmann::json::parse(line, nullptr, false).is_object()
                                         : splitter_.split(line))) {
      write_pair(chunk, row, out);
    }
    out += out.size() == before ? "{" : ",";
    out += "\"error\":";
    append_json_string(out, error);
    out += "}\n";
    return;
  }
  const FieldStyle style = {delimiter_of(format_), options_.csv_safe};
  const bool split = !layout.is_json && is_text(line) && splitter_.split(line);
  for (std::size_t field = 0; field < layout.names.size(); ++field) {
    if (split && field < splitter_.size()) {
      append_field(out, splitter_[field], style);
    }
    out += style.delimiter;
  }
  out.append(options_.more.size() + 1, style.delimiter);
  append_field(out, error, style);
  out += '\n';
}

// The columns of the input: as they are where the output has their delimiter.
void PairWorker::write_pair(Chunk& chunk, const Row& row, std::string& out) {
  const PairLayout& layout = *chunk.lines.layout;
  const std::string_view line = std::string_view(chunk.lines.text).substr(row.begin, row.length);
  const char delimiter = delimiter_of(format_);
  if (layout.is_json) {
    write_members(chunk, line, out);
    return;
  }
  if (format_ == RowFormat::csv && layout.delimiter == "," && !options_.csv_safe) {
    out += line;
    return;
  }
  splitter_.split(line);
  for (std::size_t field = 0; field < splitter_.size(); ++field) {
    if (format_ == RowFormat::jsonl) {
      out += field == 0 ? '{' : ',';
      append_json_string(out, field < layout.names.size() ? layout.names[field]
                                                          : "column" + std::to_string(field + 1));
      out += ':';
      append_json_string(out, splitter_[field]);
    } else {
      if (field > 0) {
        out += delimiter;
      }
      append_field(out, splitter_[field], {delimiter, options_.csv_safe});
    }
  }
}

// Of JSON all members where the output is JSON, else those that the first line had.
void PairWorker::write_members(Chunk& chunk, std::string_view line, std::string& out) {
  using Json = nlohmann::ordered_json;
  const PairLayout& layout = *chunk.lines.layout;
  const Json object = Json::parse(line, nullptr, false);
  if (format_ == RowFormat::jsonl) {
    std::string separator = "{";
    for (const auto& [name, value] : object.items()) {
      out += std::exchange(separator, ",");
      append_json_string(out, free_name(name, options_));
      out += ':' + value.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return;
  }
  const FieldStyle style = {delimiter_of(format_), options_.csv_safe};
  for (std::size_t field = 0; field < layout.members.size(); ++field) {
    if (field > 0) {
      out += style.delimiter;
    }
    const auto member = object.find(layout.members[field]);
    if (member != object.end() && !member->is_null()) {
      append_field(out, member->is_string() ? member->get<std::string>() : member->dump(), style);
    }
  }
  for (const auto& [name, value] : object.items()) {
    if (std::find(layout.members.begin(), layout.members.end(), name) == layout.members.end()) {
      chunk.lost_member = name;
    }
  }
}

void PairWorker::write_more(std::size_t row, std::string& out) {
  for (std::size_t column = 0; column < options_.more.size(); ++column) {
    if (format_ == RowFormat::jsonl) {
      out += ",\"";
      out += options_.more[column].name();
      out += "\":";
    } else {
      out += delimiter_of(format_);
    }
    write_column(column, row, out);
  }
}

void PairWorker::write_column(std::size_t column, std::size_t row, std::string& out) {
  const bool json = format_ == RowFormat::jsonl;
  switch (options_.more[column].what) {
    case PredictionColumn::What::model:
      if (place_of_[column] != kMissing) {
        append_prediction(out, by_row_[place_of_[column]][row]);
      } else {
        out += json ? "null" : "";
      }
      break;
    case PredictionColumn::What::weight:
      append_prediction(out,
                        predictors_.weight(best_, Model::als, rows_[row].user, rows_[row].item));
      break;
    case PredictionColumn::What::deviation: {
      const double deviation = predictors_.find(best_)->deviation(rows_[row].user, rows_[row].item);
      if (!std::isnan(deviation)) {
        append_prediction(out, deviation);
      } else {
        out += json ? "null" : "";
      }
      break;
    }
    case PredictionColumn::What::fallback:
      if (json) {
        append_json_string(out, name_of(fallback_of(rows_[row])));
      } else {
        out += name_of(fallback_of(rows_[row]));
      }
      break;
  }
}

RowFormat output_format(const PairLayout& layout, const PredictPairsOptions& options) {
  if (options.format != RowFormat::as_input) {
    return options.format;
  }
  return layout.is_json ? RowFormat::jsonl : RowFormat::csv;
}

std::string pair_header(const PairLayout& layout, const PredictPairsOptions& options) {
  const RowFormat format = output_format(layout, options);
  if (format == RowFormat::jsonl) {
    return {};
  }
  const char delimiter = delimiter_of(format);
  std::string header;
  for (const std::string& name : layout.names) {
    append_field(header, name, {delimiter, options.csv_safe});
    header += delimiter;
  }
  header += "prediction";
  for (const PredictionColumn& column : options.more) {
    header += delimiter;
    header += column.name();
  }
  if (options.skip_bad_rows) {
    header += delimiter;
    header += "error";
  }
  return header + "\n";
}

}  // namespace balse
