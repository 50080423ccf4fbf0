#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "balse/evaluation/tuning.hpp"
#include "balse/support/error.hpp"
#include "balse/support/number_text.hpp"

namespace balse {
namespace {

constexpr std::size_t kGridPoints = 5;
constexpr std::size_t kMostPoints = 1000;

/// What there is to say about an option of a block.
struct KnownOption {
  std::string group;
  bool number = false;  ///< so that it may have a range
  bool whole = false;
};

/// Collects all options by their names.
class OptionList final : public FieldVisitor {
 public:
  void number(const Field& field, const NumberRange& /*range*/, double& /*value*/) override {
    add(field, {.number = true});
  }
  void whole(const Field& field, const NumberRange& /*range*/, int& /*value*/) override {
    add(field, {.number = true, .whole = true});
  }
  void flag(const Field& field, bool& /*value*/) override { add(field, {}); }
  void word(const Field& field, Words /*words*/, int& /*value*/) override { add(field, {}); }
  void interval(const Field& field, std::optional<ClipRange>& /*value*/) override {
    add(field, {});
  }

  const KnownOption* find(const std::string& name) const {
    const auto found = known_.find(name);
    return found == known_.end() ? nullptr : &found->second;
  }
  std::string names_of(std::string_view group) const {
    std::string names;
    for (const auto& [name, option] : known_) {
      if (option.group == group) {
        names += (names.empty() ? "" : ", ") + name;
      }
    }
    return names;
  }

 private:
  void add(const Field& field, KnownOption option) {
    option.group = group().name;
    known_[full_name(field)] = option;
  }

  std::map<std::string, KnownOption> known_;
};

std::vector<std::string> split_at(const std::string& text, char at) {
  std::vector<std::string> parts = {""};
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

[[noreturn]] void refuse_tuning(const std::string& found, const std::string& expected,
                                const char* option = "--tune") {
  throw Error(ErrorKind::usage,
              {.found = std::string(option) + " has " + shorten(found), .expected = expected});
}

/// NAME=VALUES, with the hyphens of the command line in the name.
std::pair<std::string, std::string> parse_assignment(const std::string& text, const char* option) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    refuse_tuning(text,
                  "BLOCK.OPTION=VALUE,VALUE,... or =LOW:HIGH" +
                      std::string(option == std::string("--tune") ? ", separated by ;" : ""),
                  option);
  }
  std::string name = text.substr(0, equals);
  std::replace(name.begin(), name.end(), '.', '-');
  return {name, text.substr(equals + 1)};
}

std::string text_of_value(double value, bool whole) {
  return whole ? std::to_string(std::llround(value)) : text_of(value);
}

/// The points of a grid, ends included; whole numbers once each.
std::vector<std::string> points(const TunedOption& option, std::size_t count) {
  std::vector<std::string> values;
  for (std::size_t k = 0; k < count; ++k) {
    const double share = count == 1 ? 0.0 : static_cast<double>(k) / static_cast<double>(count - 1);
    const double value = option.logarithmic ? option.low * std::pow(option.high / option.low, share)
                                            : std::lerp(option.low, option.high, share);
    const bool end = k == 0 || k + 1 == count;
    const std::string text =
        option.whole || end ? text_of_value(value, option.whole) : rounded_text(value);
    if (std::find(values.begin(), values.end(), text) == values.end()) {
      values.push_back(text);
    }
  }
  return values;
}

/// LOW:HIGH[:log][:COUNT]
TunedOption parse_range(TunedOption option, const std::string& text, const KnownOption& known,
                        TuneSearch search) {
  const std::vector<std::string> parts = split_at(text, ':');
  const std::string form = "LOW:HIGH[:log][:COUNT], two numbers, the lower one first";
  const auto low = number_in<double>(parts[0]);
  const auto high = number_in<double>(parts[1]);
  std::size_t next = 2;
  option.logarithmic = parts.size() > next && parts[next] == "log";
  next += option.logarithmic ? 1 : 0;
  std::optional<std::size_t> count = kGridPoints;
  if (parts.size() > next) {
    count = number_in<std::size_t>(parts[next++]);
  }
  if (!known.number || !low || !high || !(*low < *high) || !count || *count < 2 ||
      *count > kMostPoints || next != parts.size() || (option.logarithmic && !(*low > 0.0))) {
    refuse_tuning(text, known.number ? form + (option.logarithmic ? ", both positive" : "")
                                     : "values separated by commas");
  }
  option.low = *low;
  option.high = *high;
  option.whole = known.whole;
  if (search == TuneSearch::grid) {
    option.values = points(option, *count);
  }
  return option;
}

const BlockKind* block_of_group(std::string_view group) {
  for (const BlockKind& kind : block_kinds()) {
    if (kind.group == group && !group.empty()) {
      return &kind;
    }
  }
  return nullptr;
}

/// Every value must be one that the option allows: better said before the data are read.
void check_values(const TunedOption& option) {
  TrainingOptions scratch;
  if (option.values.empty()) {
    set_options(scratch, {{option.name, text_of_value(option.low, option.whole)}});
    set_options(scratch, {{option.name, text_of_value(option.high, option.whole)}});
  }
  for (const std::string& value : option.values) {
    set_options(scratch, {{option.name, value}});
  }
}

}  // namespace

std::vector<TunedBlock> parse_tuning(const std::string& text, TuneSearch search) {
  OptionList list;
  TrainingOptions().visit(list);
  std::vector<TunedBlock> blocks;
  for (const std::string& assignment : split_at(text, ';')) {
    const auto [name, values] = parse_assignment(assignment, "--tune");
    const KnownOption* const known = list.find(name);
    const BlockKind* const block = known == nullptr ? nullptr : block_of_group(known->group);
    if (block == nullptr) {
      const std::string group = name.substr(0, name.find('-'));
      const std::string of_group = list.names_of(group);
      refuse_tuning(
          assignment.substr(0, assignment.find('=')),
          known != nullptr || of_group.empty()
              ? "an option of a block, such as als.rank or lasso.alpha; blends learn from "
                "the ratings that would have to choose"
              : "one of " + of_group);
    }
    TunedOption option{.name = name};
    if (values.find(':') != std::string::npos) {
      option = parse_range(std::move(option), values, *known, search);
    } else {
      option.values = split_at(values, ',');
    }
    check_values(option);
    const auto same = std::find_if(blocks.begin(), blocks.end(), [&](const TunedBlock& tuned) {
      return tuned.model == block->model;
    });
    TunedBlock& tuned = same != blocks.end()
                            ? *same
                            : blocks.emplace_back(TunedBlock{.model = block->model, .options = {}});
    for (const TunedOption& other : tuned.options) {
      if (other.name == name) {
        refuse_tuning(assignment, "every option once");
      }
    }
    tuned.options.push_back(std::move(option));
  }
  return blocks;
}

TunedOption parse_sweep(const std::string& text) {
  OptionList list;
  TrainingOptions().visit(list);
  const auto [name, values] = parse_assignment(text, "--sweep");
  const KnownOption* const known = list.find(name);
  if (known == nullptr) {
    const std::string of_group = list.names_of(name.substr(0, name.find('-')));
    refuse_tuning(text.substr(0, text.find('=')),
                  of_group.empty() ? "an option of eval, such as als.rank" : "one of " + of_group,
                  "--sweep");
  }
  TunedOption option{.name = name};
  if (known->number && values.find(':') != std::string::npos) {
    option = parse_range(std::move(option), values, *known, TuneSearch::grid);
  } else {
    option.values = split_at(values, ',');
  }
  check_values(option);
  return option;
}

}  // namespace balse
