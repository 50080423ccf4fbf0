#include "serving/pair_layout.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "balse/data/column_choice.hpp"
#include "balse/data/column_names.hpp"
#include "balse/data/delimited.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

namespace balse {
namespace {

using PairJson = nlohmann::ordered_json;

std::set<std::string> names_of_output(const PredictPairsOptions& options) {
  std::set<std::string> names = {"prediction"};
  for (const PredictionColumn& column : options.more) {
    names.emplace(column.name());
  }
  if (options.skip_bad_rows) {
    names.emplace("error");
  }
  return names;
}

void make_names_differ(const PredictPairsOptions& options, PairLayout& layout) {
  std::set<std::string> used = names_of_output(options);
  const std::set<std::string> given(layout.names.begin(), layout.names.end());
  for (std::string& name : layout.names) {
    const std::string original = name;
    const auto is_taken = [&] {
      return used.contains(name) || (name != original && given.contains(name));
    };
    for (int k = 2; is_taken(); ++k) {
      name = original + "_" + std::to_string(k);
    }
    used.insert(name);
    if (name != original) {
      layout.renamed.push_back(original);
      layout.renamed.back().append(" as ").append(name);
    }
  }
}

/// What the first row of a file says.
class FirstPair {
 public:
  FirstPair(const LineSplitter& row, const PredictPairsOptions& options, const TrainedModel& model,
            std::uint64_t line, PairLayout& layout)
      : row_(row), options_(options), model_(model), line_(line), layout_(layout) {
    if (!options.columns.empty()) {
      parse_columns(options.columns, "--pair-columns user=1,item=2",
                    {{"user", &user_}, {"item", &item_}});
    }
  }

  /// Puts user, item, had_header and guess into the layout; false where the row is too short.
  bool find() {
    const auto user = place_of(user_, Column::user);
    const auto item = place_of(item_, Column::item);
    const bool named = is_chosen_by_name(user_) || is_chosen_by_name(item_);
    if (named && !(user && item)) {
      fail(!user ? what_is_missing("user", user_) : what_is_missing("item", item_));
    }
    const bool by_names = user_.empty() && item_.empty() && user && item;
    layout_.user = user_.empty() && !by_names && !named ? other_than(item, 0) : *user;
    layout_.item = item_.empty() && !by_names && !named ? other_than(user, 1) : *item;
    layout_.had_header = named || by_names;
    if (row_.size() <= std::max(layout_.user, layout_.item)) {
      return false;
    }
    if (by_names) {
      say_candidates("user", Column::user, *user);
      say_candidates("item", Column::item, *item);
    }
    if (!layout_.had_header) {
      judge(user.has_value() || item.has_value());
    }
    return true;
  }

 private:
  // By what was chosen, or a name; nothing where the row does not tell.
  std::optional<std::size_t> place_of(const std::string& chosen, Column column) const {
    if (const auto number = chosen_number(chosen)) {
      return *number - 1;
    }
    return chosen.empty() ? find_column(row_, column) : find_name(row_, chosen);
  }

  // The first column, or the second where one was chosen for the other that is the first.
  static std::size_t other_than(std::optional<std::size_t> chosen, std::size_t usual) {
    return chosen && *chosen == usual ? 1 - usual : usual;
  }

  // A row whose fields can both be ids of the model is a pair.
  void judge(bool one_is_named) {
    const std::string_view user = row_[layout_.user];
    const std::string_view item = row_[layout_.item];
    const bool user_is_known = model_.users.find(user).has_value();
    const bool item_is_known = model_.items.find(item).has_value();
    if (user_is_known && item_is_known) {
      return;
    }
    const bool user_can = model_.users.may_have(user);
    const bool item_can = model_.items.may_have(item);
    const bool is_header = (!user_can && !item_can) || (one_is_named && options_.columns.empty() &&
                                                        !user_is_known && !item_is_known);
    if (is_header && options_.columns.empty()) {
      fail(!find_column(row_, Column::user) ? what_is_missing("user", {})
                                            : what_is_missing("item", {}));
    }
    if (is_header) {
      layout_.had_header = true;
      return;
    }
    layout_.guess = "no header: the first row is taken for a pair, user " + shorten(user) +
                    " and item " + shorten(item) + ", of which the model knows " +
                    (user_is_known   ? "the user alone"
                     : item_is_known ? "the item alone"
                                     : "neither");
  }

  void say_candidates(const char* what, Column column, std::size_t taken) {
    std::string others;
    for (const std::size_t other : find_columns(row_, column)) {
      if (other != taken) {
        others += (others.empty() ? "" : ", ") + shorten(row_[other]);
      }
    }
    if (!others.empty()) {
      layout_.guess += (layout_.guess.empty() ? "" : "; ") + std::string("the ") + what + " is " +
                       shorten(row_[taken]) + ", not " + others + " (--pair-columns)";
    }
  }

  static std::string what_is_missing(const char* what, const std::string& chosen) {
    return chosen.empty() ? std::string("no column is known to be the ") + what
                          : "no column is called " + shorten(chosen);
  }

  // What is known by its name, else the next of the others.
  std::string suggestion() const {
    const auto user = find_column(row_, Column::user);
    const auto item = find_column(row_, Column::item);
    const auto next = [&](std::optional<std::size_t> taken, std::size_t from) {
      while (from < row_.size() && (row_[from].empty() || from == taken)) {
        ++from;
      }
      return from;
    };
    const std::size_t first = user ? *user : next(item, 0);
    const std::size_t second = item ? *item : next(first, user ? 0 : first);
    const auto name = [&](std::size_t field) {
      return field < row_.size() ? printable(row_[field].substr(0, 30)) : std::string("NAME");
    };
    return "--pair-columns user=" + name(first) + ",item=" + name(second);
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorKind::bad_data,
                {.file = layout_.path,
                 .line = line_,
                 .found = why + ": " + first_row_is(row_),
                 .expected = "a header that names user and item, or ids that the model can have",
                 .hint = suggestion()});
  }

  const LineSplitter& row_;
  const PredictPairsOptions& options_;
  const TrainedModel& model_;
  std::uint64_t line_;
  PairLayout& layout_;
  std::string user_;  // as chosen
  std::string item_;
};

// The members of the first line's object are the columns.
bool detect_json(std::string_view line, const PredictPairsOptions& options, PairLayout& layout,
                 std::string& problem) {
  const PairJson object = PairJson::parse(line, nullptr, false);
  if (!object.is_object()) {
    problem = "no JSON in " + shorten(line);
    return false;
  }
  std::string user;
  std::string item;
  if (!options.columns.empty()) {
    parse_columns(options.columns, "--pair-columns user=NAME,item=NAME",
                  {{"user", &user}, {"item", &item}});
  }
  const auto is = [](const std::string& chosen, const std::string& name, Column column) {
    return chosen.empty() ? column_rank(name, column).has_value() : same_name(chosen, name);
  };
  bool has_user = false;
  bool has_item = false;
  for (const auto& [name, value] : object.items()) {
    if (!has_user && is(user, name, Column::user)) {
      has_user = true;
      layout.user = layout.names.size();
    } else if (!has_item && is(item, name, Column::item)) {
      has_item = true;
      layout.item = layout.names.size();
    }
    layout.names.push_back(name);
  }
  if (!has_user || !has_item) {
    problem =
        "JSON without " + std::string(has_user ? "an item" : "a user") + " in " + shorten(line);
    return false;
  }
  layout.is_json = true;
  layout.delimiter = ",";
  layout.members = layout.names;
  make_names_differ(options, layout);
  return true;
}

std::string pair_delimiter(std::string_view line) {
  std::string delimiter = detect_delimiter(line, 2);
  LineSplitter plain(delimiter);
  LineSplitter blanks(LineSplitter::kBlanks);
  if (plain.split(line) && plain.size() == 1 && blanks.split(line) && blanks.size() >= 2) {
    delimiter = LineSplitter::kBlanks;
  }
  return delimiter;
}

}  // namespace

std::string free_name(const std::string& name, const PredictPairsOptions& options) {
  const std::set<std::string> used = names_of_output(options);
  std::string other = name;
  for (int k = 2; used.contains(other); ++k) {
    other = name + "_" + std::to_string(k);
  }
  return other;
}

std::string_view PredictionColumn::name() const {
  switch (what) {
    case What::weight:
      return "weight";
    case What::deviation:
      return "deviation";
    case What::fallback:
      return "fallback";
    case What::model:
      break;
  }
  return name_of(model);
}

std::vector<PredictionColumn> prediction_columns() {
  std::vector<PredictionColumn> columns;
  columns.reserve(kModels.size() + 3);
  for (const Model model : kModels) {
    columns.push_back({.model = model});
  }
  columns.push_back({.what = PredictionColumn::What::weight});
  columns.push_back({.what = PredictionColumn::What::deviation});
  columns.push_back({.what = PredictionColumn::What::fallback});
  return columns;
}

std::optional<PairLayout> PairLayout::detect(const Place& place, std::string_view first_line,
                                             const PredictPairsOptions& options,
                                             const TrainedModel& model, std::string& problem) {
  PairLayout layout;
  layout.path = place.path;
  if (!is_text(first_line)) {
    problem = not_text(first_line);
    return std::nullopt;
  }
  layout.delimiter = options.delimiter.empty() ? place.said_delimiter : options.delimiter;
  if (layout.delimiter.empty() && first_line.starts_with('{')) {
    return detect_json(first_line, options, layout, problem) ? std::optional(layout) : std::nullopt;
  }
  if (layout.delimiter.empty()) {
    layout.delimiter = pair_delimiter(first_line);
  }
  LineSplitter splitter(layout.delimiter);
  if (!splitter.split(first_line)) {
    problem = std::string(splitter.problem()) + " in " + shorten(first_line);
    return std::nullopt;
  }
  if (!FirstPair(splitter, options, model, place.line, layout).find()) {
    problem = wrong_count(splitter.size(), first_line, layout.delimiter);
    return std::nullopt;
  }
  for (std::size_t field = 0; field < splitter.size(); ++field) {
    layout.names.push_back(layout.had_header      ? std::string(splitter[field])
                           : field == layout.user ? "user"
                           : field == layout.item ? "item"
                                                  : "column" + std::to_string(field + 1));
  }
  make_names_differ(options, layout);
  return layout;
}

PairLayout PairLayout::assumed(const Place& place, std::string_view start) {
  PairLayout layout;
  layout.path = place.path;
  layout.delimiter = place.said_delimiter.empty() ? "," : place.said_delimiter;
  layout.is_json = start.starts_with('{');
  layout.names = {"user", "item"};
  layout.members = layout.names;
  return layout;
}

bool is_text(std::string_view line) {
  return line.find('\0') == std::string_view::npos &&
         find_invalid_utf8(line) == std::string_view::npos;
}

std::string not_text(std::string_view line) {
  return "a NUL byte or bytes that are not UTF-8 in " + shorten(line);
}

std::string wrong_count(std::size_t count, std::string_view line, const std::string& delimiter) {
  return counted(count, "column") + " when " + shorten(line) + " is split at " +
         delimiter_name(delimiter);
}

}  // namespace balse
