#include "presets.hpp"

namespace balse::cli {
namespace {

// What produced the paper's own Table I, as its notebook has it.
constexpr std::string_view kNotebook = R"(
als-rank = 10
als-unseen = "initial"
lasso-tag-scaling = "sd"
gate-method = "descent"
gate-decay = 0.99654  # the code's, where the paper says 0.997 and 15,000 steps
gate-steps = 5000
unseen-users = "zero"

[eval]
protocol = "notebook"
least-rated = 1000
)";

// The best that this program knows.
constexpr std::string_view kBest = R"(
[fit]
blend = "stack"
)";

// ALS stops when an iteration gains less than what the tenth iteration of a cold start gains.
constexpr std::string_view kWarmStart = "als-tolerance = 0.001\n";

constexpr Preset kPresets[] = {
    {"--preset", "paper", ""},  // the defaults
    {"--preset", "notebook", kNotebook},
    {"--preset", "best", kBest},
    {"--warm-start", "", kWarmStart},
};

}  // namespace

std::span<const Preset> presets() {
  return kPresets;
}

}  // namespace balse::cli
