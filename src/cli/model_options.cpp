#include "model_options.hpp"

#include <functional>
#include <optional>
#include <vector>

#include "balse/support/parallel.hpp"

#include "presets.hpp"

namespace balse::cli {
namespace {

/// Makes an option of each field. Its text is checked at once: what nobody can mean must not cost
/// the time it takes to read the data.
class FieldDeclaration final : public FieldVisitor {
 public:
  FieldDeclaration(CLI::App& app, std::map<std::string, const CLI::Option*>& options)
      : app_(app), options_(options) {}

  void number(const Field& field, const NumberRange& range, double& value) override {
    checked(field, "X", text_of(value), [range](const std::string& name, const std::string& text) {
      parse_number(name, range, text);
    });
  }
  void whole(const Field& field, const NumberRange& range, int& value) override {
    checked(field, "N", std::to_string(value),
            [range](const std::string& name, const std::string& text) {
              parse_whole(name, range, text);
            });
  }
  void flag(const Field& field, bool& value) override {
    declare(field, "WORD", text_of(value))->check(CLI::IsMember({"no", "yes"}));
  }
  void word(const Field& field, Words words, int& value) override {
    const std::vector<std::string> all(words.begin(), words.end());
    declare(field, "WORD", all[static_cast<std::size_t>(value)])->check(CLI::IsMember(all));
  }
  void interval(const Field& field, std::optional<ClipRange>& value) override {
    checked(field, "RANGE", value ? text_of(*value) : "", parse_interval);
  }

 private:
  using Check = std::function<void(const std::string& name, const std::string& text)>;

  CLI::Option* declare(const Field& field, const char* type, const std::string& fallback) {
    const std::string name = full_name(field);
    const std::string alias(field.alias == name ? "" : field.alias);
    CLI::Option* const option = app_.add_option("--" + name + (alias.empty() ? "" : ",--" + alias),
                                                CLI::callback_t(), std::string(field.sentence))
                                    ->default_str(fallback)
                                    ->type_name(type)
                                    ->group(std::string(group().title));
    options_[name] = option;
    return option;
  }

  void checked(const Field& field, const char* type, const std::string& fallback,
               const Check& check) {
    declare(field, type, fallback)
        ->check(CLI::Validator(
            [check, name = full_name(field)](const std::string& text) {
              check(name, text);  // throws Error
              return std::string();
            },
            ""));
  }

  CLI::App& app_;
  std::map<std::string, const CLI::Option*>& options_;
};

std::vector<std::string> preset_words() {
  std::vector<std::string> words;
  for (const Preset& preset : presets()) {
    if (preset.option == std::string("--preset")) {
      words.emplace_back(preset.word);
    }
  }
  return words;
}

}  // namespace

void ModelOptions::declare(CLI::App& app) {
  app.add_option("--preset", CLI::callback_t(),
                 "paper: the paper's figures, and the honest choice of everything that it leaves "
                 "open; notebook: what produced its Table I (rank 10, random leftovers for unseen "
                 "items, tags scaled by their standard deviation, gradient descent for the gate, "
                 "10% random splits, the 1000 least rated); best: BALSE+, which fit makes and eval "
                 "shows anyway. Options given besides change single choices")
      ->check(CLI::IsMember(preset_words()))
      ->default_str("paper")
      ->type_name("WORD")
      ->group("Models");
  FieldDeclaration declaration(app, options_);
  TrainingOptions().visit(declaration);
}

void ModelOptions::declare_neighbours(CLI::App& app) {
  FieldDeclaration declaration(app, options_);
  NeighbourOptions().visit(declaration);
}

std::optional<std::string> ModelOptions::text_of(const std::string& name) const {
  const CLI::Option& option = *options_.at(name);
  return option.count() > 0 ? std::optional(option.results().front()) : std::nullopt;
}

NeighbourOptions ModelOptions::neighbours() const {
  NeighbourOptions options;
  FieldAssignment assignment([&](const std::string& name) { return text_of(name); });
  options.visit(assignment);
  return options;
}

TrainingOptions ModelOptions::resolve(const RatingScale& scale, std::uint64_t seed,
                                      int threads) const {
  TrainingOptions options;
  FieldAssignment assignment([&](const std::string& name) { return text_of(name); });
  options.visit(assignment);
  options.threads = resolve_threads(threads);
  set_seeds(options.model, seed);
  options.seed = seed;
  if (!options.model.clip_range && scale.words() == RatingScale::mangaki().words()) {
    options.model.clip_range = ClipRange{.low = -2.0, .high = 2.0};  // tau, paper, section IV.B
  }
  return options;
}

}  // namespace balse::cli
