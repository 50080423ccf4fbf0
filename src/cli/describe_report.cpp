#include "describe_report.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <spdlog/fmt/fmt.h>

#include "balse/support/counted.hpp"
#include "balse/support/printable.hpp"

namespace balse::cli {
namespace {

using DescribeJson = nlohmann::ordered_json;

std::string date_of(std::int64_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

DescribeJson json_of(const Quantiles& quantiles) {
  DescribeJson json;
  for (std::size_t k = 0; k < quantiles.at.size(); ++k) {
    json["p" + std::to_string(Quantiles::kPercent[k])] = quantiles.at[k];
  }
  return json;
}

DescribeJson ratings_json(const DataSetReport& report) {
  const RatingFacts& facts = report.ratings;
  const ReadRatingsSummary& read = report.ratings_read;
  DescribeJson json = {{"kept", facts.count},
                       {"rows", read.rows},
                       {"unrated", read.unrated.rows},
                       {"unrated_values", read.unrated.values},
                       {"skipped", read.bad_rows},
                       {"duplicates", read.duplicates},
                       {"files", read.files.size()},
                       {"users", facts.users},
                       {"items", facts.items},
                       {"density", facts.density},
                       {"mean", facts.mean},
                       {"deviation", facts.deviation},
                       {"lowest", facts.lowest},
                       {"highest", facts.highest},
                       {"scale", read.scale.describe()}};
  json["values"] = DescribeJson::array();
  for (const ValueCount& value : facts.values) {
    if (value.low == value.high) {
      json["values"].push_back({{"value", value.low}, {"count", value.count}});
    } else {
      json["values"].push_back({{"from", value.low}, {"to", value.high}, {"count", value.count}});
    }
  }
  json["per_user"] = json_of(facts.per_user);
  json["per_item"] = json_of(facts.per_item);
  json["items_with_fewer_than_3"] = facts.little_known;
  json["constant_users"] = facts.constant_users;
  if (facts.first_time) {
    json["first_time"] = *facts.first_time;
    json["last_time"] = *facts.last_time;
  }
  json["outliers"] = DescribeJson::array();
  for (const Outlier& outlier : read.outliers) {
    json["outliers"].push_back({{"file", outlier.file},
                                {"line", outlier.line},
                                {"value", outlier.value},
                                {"rest_low", outlier.rest_low},
                                {"rest_high", outlier.rest_high}});
  }
  return json;
}

std::string render_json(const DataSetReport& report) {
  DescribeJson json;
  json["ratings"] = ratings_json(report);
  if (report.tags_read) {
    const TagFacts& tags = report.tags;
    json["ratings"]["items_with_tags"] = report.ratings.items - tags.rated_without;
    json["tags"] = {{"weights", tags.weights},
                    {"tags", tags.tags},
                    {"items", tags.items},
                    {"rated_items", tags.rated_items},
                    {"rated_items_without_tags", tags.rated_without},
                    {"lowest", tags.lowest},
                    {"highest", tags.highest},
                    {"skipped", report.tags_read->bad_rows},
                    {"duplicates", report.tags_read->duplicates},
                    {"per_item", json_of(tags.per_item)},
                    {"unrated_examples", tags.unrated_examples},
                    {"untagged_examples", tags.without_examples}};
  }
  if (report.works_read) {
    json["works"] = {{"items", report.works.items},
                     {"matched", report.works.matched},
                     {"unmatched", report.works.items - report.works.matched},
                     {"rated_items_without_title", report.works.unnamed},
                     {"categories", report.works.categories},
                     {"duplicates", report.works_read->duplicates}};
  }
  json["suspicions"] = report.suspicions;
  json["read_as"] = report.read_as;
  return escape_json(json.dump(2, ' ', false, DescribeJson::error_handler_t::replace)) + "\n";
}

// What both kinds of text say: a heading, then names and values.
struct Section {
  std::string title;
  std::vector<std::pair<std::string, std::string>> rows;
};

std::string number_text(double value) {
  return std::abs(value) < 1e6 && value == std::floor(value) ? fmt::format("{:.0f}", value)
                                                             : fmt::format("{:.6g}", value);
}

std::string share(std::size_t part, std::size_t whole) {
  return whole == 0 ? std::to_string(part)
                    : fmt::format("{} ({:.1f}%)", part,
                                  100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string words_of_quantiles(const Quantiles& quantiles) {
  std::string text;
  for (std::size_t k = 0; k < quantiles.at.size(); ++k) {
    text += (k == 0 ? "" : "  ") + number_text(quantiles.at[k]);
  }
  return text;
}

std::string example_text(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) {
    text += (text.empty() ? ", as " : ", ") + id;
  }
  return text;
}

Section ratings_section(const DataSetReport& report) {
  const RatingFacts& facts = report.ratings;
  const ReadRatingsSummary& read = report.ratings_read;
  Section section{.title = "Ratings", .rows = {}};
  const auto add = [&section](std::string name, std::string value) {
    section.rows.emplace_back(std::move(name), std::move(value));
  };
  add("ratings", fmt::format("{} by {} of {}", facts.count, counted(facts.users, "user"),
                             counted(facts.items, "item")));
  add("rows", fmt::format("{}: {} not rated, {} given twice, {} skipped", read.rows,
                          read.unrated.rows, read.duplicates, read.bad_rows));
  add("density", fmt::format("{:.4f}%", 100.0 * facts.density));
  add("scale", read.scale.describe());
  add("mean", fmt::format("{:.4f}, deviation {:.4f}, from {} to {}", facts.mean, facts.deviation,
                          number_text(facts.lowest), number_text(facts.highest)));
  add("ratings a user", words_of_quantiles(facts.per_user));
  add("ratings an item", words_of_quantiles(facts.per_item));
  add("items rated 1 or 2 times", share(facts.little_known, facts.items));
  add("users who rate all alike", share(facts.constant_users, facts.users));
  if (facts.first_time) {
    add("given", date_of(*facts.first_time) + " to " + date_of(*facts.last_time));
  }
  return section;
}

Section values_section(const RatingFacts& facts) {
  constexpr double kLongest = 40.0;
  Section section{.title = "Values", .rows = {}};
  std::uint64_t most = 1;
  for (const ValueCount& value : facts.values) {
    most = std::max(most, value.count);
  }
  for (const ValueCount& value : facts.values) {
    const double length = kLongest * static_cast<double>(value.count) / static_cast<double>(most);
    const std::string name = value.low == value.high
                                 ? number_text(value.low)
                                 : number_text(value.low) + " to " + number_text(value.high);
    section.rows.emplace_back(
        name, fmt::format("{:<22} {}", share(value.count, facts.count),
                          std::string(static_cast<std::size_t>(std::ceil(length)), '#')));
  }
  return section;
}

Section tags_section(const DataSetReport& report) {
  const TagFacts& tags = report.tags;
  Section section{.title = "Tags", .rows = {}};
  section.rows = {{"weights", fmt::format("{} of {} on {}", tags.weights, counted(tags.tags, "tag"),
                                          counted(tags.items, "item"))},
                  {"weights from", number_text(tags.lowest) + " to " + number_text(tags.highest)},
                  {"tags an item", words_of_quantiles(tags.per_item)},
                  {"rated items with tags",
                   share(report.ratings.items - tags.rated_without, report.ratings.items)},
                  {"rated without tags",
                   std::to_string(tags.rated_without) + example_text(tags.without_examples)},
                  {"tagged, not rated", std::to_string(tags.items - tags.rated_items) +
                                            example_text(tags.unrated_examples)}};
  return section;
}

Section works_section(const DataSetReport& report) {
  const WorkFacts& works = report.works;
  return {.title = "Works",
          .rows = {{"titles", std::to_string(works.items)},
                   {"of rated items", share(works.matched, report.ratings.items)},
                   {"of others", std::to_string(works.items - works.matched)},
                   {"categories", std::to_string(works.categories)}}};
}

std::vector<Section> sections_of(const DataSetReport& report) {
  std::vector<Section> sections = {ratings_section(report), values_section(report.ratings)};
  if (report.tags_read) {
    sections.push_back(tags_section(report));
  }
  if (report.works_read) {
    sections.push_back(works_section(report));
  }
  return sections;
}

constexpr const char* kQuantilesNote =
    "Of ratings a user, ratings an item and tags an item: the least, then those below which 5, 25, "
    "50, 75 and 95% are, the most.";

std::string render_text(const DataSetReport& report) {
  const std::vector<Section> sections = sections_of(report);
  std::size_t width = 0;
  for (const Section& section : sections) {
    for (const auto& [name, value] : section.rows) {
      width = std::max(width, name.size());
    }
  }
  std::string text;
  for (const Section& section : sections) {
    text += section.title + "\n";
    for (const auto& [name, value] : section.rows) {
      text += fmt::format("  {:<{}}  {}\n", name, width, escape(value));
    }
  }
  text += std::string("\n") + kQuantilesNote + "\n";
  const auto list = [&text](const char* title, const std::vector<std::string>& lines) {
    if (!lines.empty()) {
      text += std::string("\n") + title + "\n";
    }
    for (const std::string& line : lines) {
      text += "  " + escape(line) + "\n";
    }
  };
  list("Suspected", report.suspicions);
  list("Read as", report.read_as);
  return text;
}

std::string render_markdown(const DataSetReport& report) {
  const auto cell = [](const std::string& value) {
    std::string text;
    for (const char c : escape(value)) {
      text += c == '|' ? "\\|" : std::string(1, c);
    }
    return text;
  };
  std::string text;
  for (const Section& section : sections_of(report)) {
    text += fmt::format("{}| {} | |\n|---|---|\n", text.empty() ? "" : "\n", section.title);
    for (const auto& [name, value] : section.rows) {
      text += fmt::format("| {} | {} |\n", cell(name), cell(value));
    }
  }
  text += std::string("\n") + kQuantilesNote + "\n";
  const auto list = [&](const char* title, const std::vector<std::string>& lines) {
    text += lines.empty() ? "" : std::string("\n") + title + ":\n\n";
    for (const std::string& line : lines) {
      text += "- " + escape(line) + "\n";
    }
  };
  list("Suspected", report.suspicions);
  list("Read as", report.read_as);
  return text;
}

}  // namespace

std::string render(const DataSetReport& report, DescribeFormat format) {
  switch (format) {
    case DescribeFormat::json:
      return render_json(report);
    case DescribeFormat::markdown:
      return render_markdown(report);
    case DescribeFormat::text:
      break;
  }
  return render_text(report);
}

}  // namespace balse::cli
