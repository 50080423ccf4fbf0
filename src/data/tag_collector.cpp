#include "data/tag_collector.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "balse/support/error.hpp"

#include "data/number.hpp"

namespace balse {

std::optional<bool> parse_truth(std::string_view text) {
  if (text == "True" || text == "true" || text == "TRUE" || text == "yes" || text == "Yes") {
    return true;
  }
  if (text == "False" || text == "false" || text == "FALSE" || text == "no" || text == "No") {
    return false;
  }
  return std::nullopt;
}

TagCollector::TagCollector(const ReadTagsOptions& options, ReadTagsSummary& summary)
    : options_(options),
      words_(words_of(options.subject)),
      summary_(summary),
      bad_rows_(options.skip_bad_rows, summary.bad_rows, summary.first_bad_rows) {}

void TagCollector::begin_file(const std::string& path) {
  path_ = path;
  line_ = 0;
  if (first_path_.empty()) {
    first_path_ = path;
  }
}

void TagCollector::add_guess(const std::string& guess) {
  if (summary_.guess.find(guess) == std::string::npos) {
    summary_.guess += (summary_.guess.empty() ? "" : "; ") + guess;
  }
}

std::uint32_t TagCollector::tag(std::string_view name) {
  std::uint32_t index = 0;
  if (name.find('_') == std::string_view::npos) {
    index = plain_names_.insert(name);
  } else {
    std::string spaced(name);
    std::replace(spaced.begin(), spaced.end(), '_', ' ');
    index = plain_names_.insert(spaced);
  }
  if (index == spelling_.size()) {
    spelling_.emplace_back(name);
  }
  return index;
}

std::optional<float> TagCollector::weight_of(std::string_view text, double unit) {
  std::optional<double> number = parse_number(text);
  if (const std::size_t comma = text.find(','); !number && comma != std::string_view::npos) {
    std::string point(text);  // it cannot part columns here
    point[comma] = '.';
    number = parse_number(point);
  }
  if (number && *number >= 0.0 && *number <= unit) {
    return static_cast<float>(std::isinf(unit) ? *number : *number / unit);
  }
  if (const auto truth = parse_truth(text)) {
    return *truth ? 1.0F : 0.0F;
  }
  reject("found " + shorten(text) + " as the " + words_.weight + " of a " + words_.tag,
         unit == 1.0        ? "a number from 0 to 1"
         : std::isinf(unit) ? "a count"
                            : "a number from 0 to 100",
         {});
  return std::nullopt;
}

void TagCollector::reject(const std::string& found, const std::string& expected,
                          const std::string& hint) {
  const std::string skip = options_.can_skip ? "--skip-bad-rows" : "";
  bad_rows_.add([&] {
    return ErrorParts{.file = path_,
                      .line = line_,
                      .found = found,
                      .expected = expected,
                      .hint = hint + (hint.empty() || skip.empty() ? "" : "; or ") + skip};
  });
}

Tags TagCollector::finish() {
  if (tags_.items.size() == 0) {
    bad_rows_.fail_nothing_left(first_path_, words_.tag + 's', "rows of " + words_.triplet());
  }
  for (const std::string& name : spelling_) {
    tags_.names.insert(name);
  }
  tags_.matrix = builder_.build(tags_.items.size(), tags_.names.size());
  summary_.duplicates = builder_.duplicates();
  if (tags_.matrix.weight.empty()) {
    add_guess("no " + words_.item + " has a " + words_.tag);
  }
  return std::move(tags_);
}

}  // namespace balse
