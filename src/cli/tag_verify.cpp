#include "tag_verify.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include <nlohmann/json.hpp>

#include "balse/data/id_index.hpp"
#include "balse/data/json_depth.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"

#include "standard_output.hpp"

namespace balse::cli {
namespace {

constexpr std::size_t kUnexpectedShown = 10;

struct Expected {
  std::map<std::string, double> probabilities;  // by tag
  double threshold = 2.0;                       // no tag reaches it
};

[[noreturn]] void refuse_expected(const std::string& path, const std::string& found) {
  throw Error(ErrorKind::bad_data,
              {.file = path,
               .found = found,
               .expected = R"({"threshold": 0.5, "general": {"long hair": 0.88, ...}, ...})"});
}

Expected read_expected(const std::string& path) {
  const MappedFile file(path);
  const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()),
                              file.bytes().size());
  const auto json = json_deeper_than(text, 8)
                        ? nlohmann::json(nlohmann::json::value_t::discarded)
                        : nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    refuse_expected(path, "no JSON object");
  }
  Expected expected;
  for (const auto& [key, value] : json.items()) {
    if (key == "threshold" && value.is_number()) {
      expected.threshold = value.get<double>();
    }
    if (!value.is_object()) {
      continue;
    }
    for (const auto& [tag, probability] : value.items()) {
      if (!probability.is_number()) {
        refuse_expected(path, "the probability of " + shorten(tag) + " is no number");
      }
      expected.probabilities[tag] = probability.get<double>();
    }
  }
  if (expected.probabilities.empty()) {
    refuse_expected(path, "no probabilities");
  }
  return expected;
}

}  // namespace

void ProbabilitiesSink::tagged(const Poster& /*poster*/, std::span<const float> probabilities) {
  probabilities_.assign(probabilities.begin(), probabilities.end());
}

void ProbabilitiesSink::failed(const Poster& poster, const std::string& reason) {
  throw Error(ErrorKind::bad_data, {.file = poster.path, .found = reason});
}

void verify_tags(std::span<const float> probabilities, const TagList& tags,
                 const std::string& expected_path, double tolerance) {
  const Expected expected = read_expected(expected_path);
  IdIndex index;
  for (const std::string& name : tags.names) {
    index.insert(name);
  }
  std::string table;
  std::size_t wrong = 0;
  double largest = 0.0;
  char numbers[96];
  const auto row = [&](const std::string& tag, double wanted, double found) {
    const double difference = std::abs(found - wanted);
    largest = std::max(largest, difference);
    const bool bad = !(difference <= tolerance);
    wrong += bad ? 1 : 0;
    std::snprintf(numbers, sizeof numbers, "%9.6f %9.6f %9.6f%s  ", wanted, found, difference,
                  bad ? " !" : "  ");
    table += numbers + tag + '\n';
  };
  table += " expected     found difference    tag\n";
  for (const auto& [tag, wanted] : expected.probabilities) {
    const auto found = index.find(tag);
    if (!found) {
      refuse_expected(expected_path,
                      "the tag " + shorten(tag) + ", which the tag list does not have");
    }
    row(tag, wanted, static_cast<double>(probabilities[*found]));
  }
  std::size_t unexpected = 0;
  for (std::size_t tag = 0; tag < tags.size(); ++tag) {
    const auto found = static_cast<double>(probabilities[tag]);
    // Just above the threshold is within the tolerance of just below it.
    if (found >= expected.threshold + tolerance &&
        !expected.probabilities.contains(tags.names[tag]) && ++unexpected <= kUnexpectedShown) {
      row(tags.names[tag] + " (not expected)", 0.0, found);
    }
  }
  if (unexpected > kUnexpectedShown) {
    table +=
        "and " + std::to_string(unexpected - kUnexpectedShown) + " more that are not expected\n";
    wrong += unexpected - kUnexpectedShown;
  }
  write_standard_output(table);
  if (wrong > 0) {
    std::snprintf(numbers, sizeof numbers, "%zu of %zu probabilities differ by more than %g", wrong,
                  expected.probabilities.size() + unexpected, tolerance);
    throw Error(ErrorKind::bad_data,
                {.file = expected_path,
                 .found = numbers,
                 .expected = "those of these weights, this tag list and this picture"});
  }
}

}  // namespace balse::cli
