#include "model_options.hpp"

#include <charconv>

#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

namespace balse::cli {
namespace {

// Streams of randomness drawn from --seed; the splits use the seed itself.
constexpr std::uint64_t kAlsStream = 1;
constexpr std::uint64_t kGateStream = 2;

template <typename T>
void apply(const std::optional<T>& given, T& target) {
  if (given) {
    target = *given;
  }
}

ClipRange parse_clip_range(const std::string& text) {
  ClipRange range;
  const std::size_t colon = text.find(':', 1);
  const char* const end = text.data() + text.size();
  if (colon != std::string::npos) {
    const auto low = std::from_chars(text.data(), text.data() + colon, range.low);
    const auto high = std::from_chars(text.data() + colon + 1, end, range.high);
    if (low.ec == std::errc() && low.ptr == text.data() + colon && high.ec == std::errc() &&
        high.ptr == end) {
      return range;
    }
  }
  throw Error(ErrorKind::usage, {.found = "--clip-range " + shorten(text),
                                 .expected = "two numbers with a colon, as in -2:2"});
}

}  // namespace

void ModelOptions::declare(CLI::App& app) {
  preset_
      .declare(app, "--preset",
               "paper: rank 20, lambda 0.1, alpha 0.01, 10 iterations, the honest choice of "
               "everything the paper "
               "leaves open; notebook: what produced its Table I (rank 10, random leftovers for "
               "unseen items, tags "
               "scaled by their standard deviation, gradient descent for the gate, 10% random "
               "splits, the 1000 "
               "least rated). Options given besides change single choices")
      ->default_str("paper")
      ->group("Models");
  declare_als(app);
  declare_lasso(app);
  declare_gate(app);
  clip_
      .declare(app, "--clip",
               "Which predictions are cut to the range: LASSO's, as in the paper, all, or none")
      ->default_str("lasso")
      ->group("Models");
  app.add_option("--clip-range", clip_range_,
                 "LOW:HIGH; -2:2 for Mangaki's words and the range of the training ratings "
                 "otherwise, if not given")
      ->type_name("RANGE")
      ->group("Models");
  unseen_users_
      .declare(app, "--unseen-users",
               "What ALS and LASSO predict for users without training ratings")
      ->default_str("item-mean")
      ->group("Models");
  refit_.declare(app, "--refit", "Fit ALS and LASSO again on train + validation before testing")
      ->default_str("yes")
      ->group("Models");
}

void ModelOptions::declare_als(CLI::App& app) {
  const std::string group = "ALS";
  app.add_option("--rank", rank_, "Latent factors")
      ->default_str("20")
      ->type_name("N")
      ->group(group);
  app.add_option("--lambda", lambda_, "Regularisation")
      ->default_str("0.1")
      ->type_name("X")
      ->group(group);
  app.add_option("--iterations", iterations_, "Each solves all users, then all items")
      ->default_str("10")
      ->type_name("N")
      ->group(group);
  centring_.declare(app, "--als-centring", "The mean that is subtracted from the ratings")
      ->default_str("user")
      ->group(group);
  weighting_
      .declare(app, "--als-weighting",
               "lambda times the number of ratings (ALS-WR), or plain lambda (the paper's "
               "displayed loss)")
      ->default_str("by-count")
      ->group(group);
  unseen_
      .declare(app, "--unseen-factors",
               "Factors of what has no training rating: zero, or the random initial ones")
      ->default_str("zero")
      ->group(group);
}

void ModelOptions::declare_lasso(CLI::App& app) {
  const std::string group = "LASSO";
  app.add_option("--alpha", alpha_, "Weight of the L1 norm")
      ->default_str("0.01")
      ->type_name("X")
      ->group(group);
  intercept_.declare(app, "--lasso-intercept", "Give every user an unpenalised constant")
      ->default_str("yes")
      ->group(group);
  scaling_
      .declare(app, "--tag-scaling",
               "Take tag weights as they are, or divide each tag by its standard deviation")
      ->default_str("raw")
      ->group(group);
  app.add_option("--lasso-gap", relative_gap_,
                 "Duality gap / objective at which a user counts as solved")
      ->default_str("1e-5")
      ->type_name("X")
      ->group(group);
}

void ModelOptions::declare_gate(CLI::App& app) {
  const std::string group = "Steins gate";
  gate_
      .declare(app, "--gate",
               "The best gate on the validation ratings, or the paper's gradient descent")
      ->default_str("optimum")
      ->group(group);
  gate_counts_.declare(app, "--gate-counts", "The item counts that the gate sees when it predicts")
      ->default_str("train+validation")
      ->group(group);
  app.add_option("--gate-rate", gate_rate_, "Learning rate of the gradient descent")
      ->default_str("0.9")
      ->type_name("X")
      ->group(group);
  app.add_option("--gate-decay", gate_decay_,
                 "Of the learning rate, every 20 steps; 0.99654 in --preset notebook")
      ->default_str("0.997")
      ->type_name("X")
      ->group(group);
  app.add_option("--gate-steps", gate_steps_, "Of the gradient descent; 5000 in --preset notebook")
      ->default_str("15000")
      ->type_name("N")
      ->group(group);
}

void ModelOptions::apply_preset(CrossValidationOptions& options) const {
  if (!notebook()) {
    return;
  }
  options.model.als.rank = 10;
  options.model.als.unseen = AlsUnseen::initial;
  options.model.lasso.scaling = TagScaling::standard_deviation;
  options.model.gate.method = GateMethod::descent;
  options.model.gate.decay = 0.99654;  // the code's, where the paper says 0.997 and 15,000 steps
  options.model.gate.steps = 5000;
  options.model.unseen_users = UnseenUsers::zero;
  options.little_known.least_rated = 1000;
}

CrossValidationOptions ModelOptions::resolve(const RatingScale& scale, std::uint64_t seed,
                                             int threads) const {
  CrossValidationOptions options;
  apply_preset(options);
  options.threads = resolve_threads(threads);
  BalseOptions& model = options.model;
  model.als.seed = derive_seed(seed, kAlsStream);
  model.gate.seed = derive_seed(seed, kGateStream);
  apply(rank_, model.als.rank);
  apply(lambda_, model.als.lambda);
  apply(iterations_, model.als.iterations);
  centring_.apply(model.als.centring);
  weighting_.apply(model.als.weighting);
  unseen_.apply(model.als.unseen);
  apply(alpha_, model.lasso.alpha);
  intercept_.apply(model.lasso.intercept);
  scaling_.apply(model.lasso.scaling);
  apply(relative_gap_, model.lasso.relative_gap);
  gate_.apply(model.gate.method);
  gate_counts_.apply(options.gate_counts);
  apply(gate_rate_, model.gate.learning_rate);
  apply(gate_decay_, model.gate.decay);
  apply(gate_steps_, model.gate.steps);
  clip_.apply(model.clip);
  unseen_users_.apply(model.unseen_users);
  refit_.apply(options.refit);
  if (!clip_range_.empty()) {
    model.clip_range = parse_clip_range(clip_range_);
  } else if (scale.words() == RatingScale::mangaki().words()) {
    model.clip_range = ClipRange{.low = -2.0, .high = 2.0};  // tau of the paper's section IV.B
  }
  if (const std::string sentence = model.validate(); !sentence.empty()) {
    throw Error(ErrorKind::usage, {.found = sentence});
  }
  return options;
}

}  // namespace balse::cli
