// What PairWorker writes.

#include <algorithm>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "balse/data/row_text.hpp"

#include "serving/pair_worker.hpp"

namespace balse {
namespace {

char delimiter_of(RowFormat format) {
  return format == RowFormat::tsv ? '\t' : ',';
}

}  // namespace

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
