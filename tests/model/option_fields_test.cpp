// Every option that training has, as its declaration says.

#include "balse/model/option_fields.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "balse/model/training.hpp"
#include "balse/model/training_json.hpp"

#include "support/errors.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// One option: how JSON names it, its value as a text, and another that it allows.
struct Shown {
  std::string name;
  std::string group;
  std::string json_name;
  std::string alias;
  std::string sentence;
  std::string text;
  std::string other;
  std::vector<std::string> wrong;
};

class Collector final : public FieldVisitor {
 public:
  void number(const Field& field, const NumberRange& range, double& value) override {
    const double other = value == range.high ? (range.low + range.high) / 2 : range.high;
    add(field, text_of(value), text_of(other),
        {text_of(range.low - 1.0), text_of(range.high * 2.0), "nan", "inf", "", "1x"});
    if (range.low_excluded) {
      all.back().wrong.push_back(text_of(range.low));
    }
  }
  void whole(const Field& field, const NumberRange& range, int& value) override {
    const auto low = static_cast<int>(range.low);
    const auto high = static_cast<int>(range.high);
    add(field, std::to_string(value), std::to_string(low == value ? high : low),
        {std::to_string(low - 1), std::to_string(high + 1), "1.5", "1e1", "", "99999999999"});
  }
  void flag(const Field& field, bool& value) override {
    add(field, text_of(value), text_of(!value), {"true", "", "Yes"});
  }
  void word(const Field& field, Words words, int& value) override {
    const auto position = static_cast<std::size_t>(value);
    REQUIRE(position < words.size());
    CHECK(std::set<std::string_view>(words.begin(), words.end()).size() == words.size());
    add(field, std::string(words[position]), std::string(words[(position + 1) % words.size()]),
        {"", "no such word"});
  }
  void interval(const Field& field, std::optional<ClipRange>& value) override {
    add(field, value ? text_of(*value) : "", "-1.5:2",
        {"", "1", "2:1", "1:1", "nan:1", "0:inf", "-1e300:0", "1:2:3", "1:2x"});
  }

  std::vector<Shown> all;

 private:
  void add(const Field& field, std::string text, std::string other,
           std::vector<std::string> wrong) {
    std::string json_name(field.name);
    std::replace(json_name.begin(), json_name.end(), '-', '_');
    all.push_back({full_name(field), std::string(group().name), json_name, std::string(field.alias),
                   std::string(field.sentence), std::move(text), std::move(other),
                   std::move(wrong)});
  }
};

std::vector<Shown> shown(TrainingOptions options) {
  Collector collector;
  options.visit(collector);
  return collector.all;
}

TrainingOptions with(const std::string& name, const std::string& text) {
  TrainingOptions options;
  FieldAssignment assignment([&](const std::string& option) {
    return option == name ? std::optional(text) : std::nullopt;
  });
  options.visit(assignment);
  return options;
}

Json in_json(const Shown& option, const TrainingOptions& options) {
  const Json json = training_options_json(options);
  return option.group.empty() ? json.at(option.json_name)
                              : json.at(option.group).at(option.json_name);
}

}  // namespace

TEST_CASE("every option has a name of its own, a sentence, and a default that it allows",
          "[model][options]") {
  std::set<std::string> names;
  const std::vector<Shown> all = shown({});
  CHECK(all.size() > 20);
  for (const Shown& option : all) {
    INFO(option.name);
    CHECK(names.insert(option.name).second);
    CHECK(
        (option.alias.empty() || option.alias == option.name || names.insert(option.alias).second));
    CHECK(option.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
    CHECK(option.sentence.size() > 5);
    CHECK(option.sentence.back() != '.');
  }
  CHECK(TrainingOptions{}.validate().empty());
}

TEST_CASE("a text sets each option, and only that", "[model][options]") {
  const std::vector<Shown> defaults = shown({});
  for (std::size_t k = 0; k < defaults.size(); ++k) {
    INFO(defaults[k].name << " = " << defaults[k].other);
    REQUIRE(defaults[k].other != defaults[k].text);
    const TrainingOptions options = with(defaults[k].name, defaults[k].other);
    CHECK(options.validate().empty());
    const std::vector<Shown> changed = shown(options);
    for (std::size_t other = 0; other < defaults.size(); ++other) {
      CHECK(changed[other].text == (other == k ? defaults[k].other : defaults[other].text));
    }
  }
}

TEST_CASE("a text that an option does not allow is refused by its name", "[model][options]") {
  for (const Shown& option : shown({})) {
    for (const std::string& text : option.wrong) {
      INFO(option.name << " = " << text);
      const Error error = error_of([&] { with(option.name, text); });
      CHECK(error.kind() == ErrorKind::usage);
      CHECK_THAT(error.what(), StartsWith("--" + option.name + " is ") && Contains("; expected "));
    }
  }
}

TEST_CASE("JSON holds each option", "[model][options]") {
  for (const Shown& option : shown({})) {
    INFO(option.name);
    CHECK(in_json(option, {}) != in_json(option, with(option.name, option.other)));
  }
  const Json json = training_options_json({});
  CHECK(json["als"]["rank"] == 20);
  CHECK(json["lasso"]["intercept"] == true);
  CHECK(json["gate"]["counts"] == "train+validation");
  CHECK(json["clip_range"] == "training range");
  TrainingOptions options;
  options.model.clip_range = ClipRange{.low = -2.0, .high = 2.0};
  CHECK(training_options_json(options)["clip_range"] == Json({-2.0, 2.0}));
}

TEST_CASE("what is wrong with options is said as the command line would", "[model][options]") {
  CHECK(AlsOptions{.rank = 0}.validate() == "--als-rank is 0; expected a whole number, 1 to 1024");
  CHECK(LassoOptions{.alpha = 0.0}.validate() ==
        "--lasso-alpha is 0; expected more than 0 and at most 1e12");
  CHECK(GateOptions{.decay = std::nan("")}.validate() ==
        "--gate-decay is nan; expected more than 0 and at most 1");
  CHECK_THAT(BiasOptions{.sweeps = 0}.validate(), StartsWith("--bias-sweeps is 0; "));
  BalseOptions options;
  options.clip_range = ClipRange{.low = 2.0, .high = -2.0};
  CHECK_THAT(options.validate(), StartsWith("--clip-range is \"2:-2\"; expected two numbers"));
  options.clip_range.reset();
  options.clip = static_cast<Clip>(7);
  CHECK_THAT(options.validate(), StartsWith("--clip is "));
}
