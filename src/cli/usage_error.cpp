#include "usage_error.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <tuple>
#include <utility>

#include "balse/support/error.hpp"

namespace balse::cli {
namespace {

/// How many letters must be put in, taken out, changed or swapped with the next (Damerau's, each
/// place but once).
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::vector<std::size_t>> cost(from.size() + 1,
                                             std::vector<std::size_t>(to.size() + 1));
  std::iota(cost[0].begin(), cost[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    cost[i][0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const bool same = from[i - 1] == to[j - 1];
      cost[i][j] =
          std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[from.size()][to.size()];
}

std::string_view without_hyphens(std::string_view name) {
  return name.substr(std::min(name.find_first_not_of('-'), name.size()));
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

/// What was left over of the command line: an option before anything else, as what follows a
/// mistyped one is its value.
std::string leftover(const CLI::App& app) {
  const std::vector<std::string> rest = app.remaining(true);
  const auto option = std::find_if(rest.begin(), rest.end(), [](const std::string& word) {
    return word.size() > 1 && word[0] == '-';
  });
  return option != rest.end() ? *option : rest.empty() ? "" : rest.front();
}

}  // namespace

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& names) {
  const std::string_view core = without_hyphens(typed);
  const std::string* nearest = nullptr;
  std::size_t least = std::max<std::size_t>(1, core.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::string_view other = without_hyphens(name);
    // The begin of a name is a likely abbreviation, though far from it in letters.
    const bool begin = core.size() >= 3 && other.starts_with(core);
    const std::size_t far = begin ? 1 : distance(core.substr(0, 64), other);
    if (far < least) {
      least = far;
      nearest = &name;
    }
  }
  return nearest == nullptr ? "" : "; did you mean " + *nearest + "?";
}

std::string nearest_ids(std::string_view typed, const IdIndex& ids) {
  constexpr std::size_t kMost = 3;
  constexpr std::size_t kLongest = 64;
  std::vector<std::pair<std::size_t, std::string_view>> near;
  const std::size_t limit = std::max<std::size_t>(1, typed.size() / 3);
  for (std::uint32_t k = 0; k < ids.size(); ++k) {
    const std::string_view id = ids[k];
    const std::size_t longer = std::max(id.size(), typed.size());
    if (longer <= kLongest && longer - std::min(id.size(), typed.size()) <= limit) {
      const std::size_t far = distance(typed, id);
      if (far <= limit) {
        near.emplace_back(far, id);
      }
    }
  }
  const auto order = [typed](const auto& one) {  // of equally near ones first those as long
    return std::tuple(one.first, one.second.size() != typed.size(), one.second);
  };
  std::sort(near.begin(), near.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  std::string text;
  for (std::size_t k = 0; k < std::min(kMost, near.size()); ++k) {
    text += (text.empty() ? ", as " : ", ") + shorten(near[k].second);
  }
  return text;
}

std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  const std::string name = chosen.empty() ? "balse" : "balse " + command.get_name();
  const std::string help = "try " + name + " --help";
  const std::string word = leftover(app);
  const bool is_option = word.size() > 1 && word[0] == '-';
  if (is_option) {
    const std::string typed = word.substr(0, word.find('='));
    const std::string meant = did_you_mean(typed, options_of(command));
    return "there is no option " + printable(typed) + " of " + name +
           (meant.empty() ? "; " + help : meant);
  }
  if (chosen.empty()) {
    const std::vector<std::string> commands = commands_of(app);
    const std::string meant = word.empty() ? "" : did_you_mean(word, commands);
    return (word.empty() ? "no command" : "there is no command " + shorten(word)) +
           (meant.empty() ? "; expected one of " + joined(commands) + "; " + help : meant);
  }
  if (!word.empty() && error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    return name + " does not know what to do with " + shorten(word) + "; " + help;
  }
  return std::string(error.what()) + "; " + help;
}

}  // namespace balse::cli
