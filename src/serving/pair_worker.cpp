#include "serving/pair_worker.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "balse/data/bad_rows.hpp"

namespace balse {
namespace {

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
  const PairLayout& layout = *chunk.lines.layout;
  if (layout.had_header && !known_user && !known_item && user == layout.names[layout.user] &&
      item == layout.names[layout.item]) {
    return reject(chunk, line, line_number,
                  {.found = "the header again: " + shorten(line),
                   .expected = "a pair",
                   .hint = "--skip-bad-rows"},
                  true);
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

}  // namespace balse
