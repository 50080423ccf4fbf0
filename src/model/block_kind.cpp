#include "balse/model/block_kind.hpp"

#include <algorithm>
#include <array>

#include "balse/support/random.hpp"

namespace balse {
namespace {

template <typename Kind>
constexpr std::string_view effort_of() {
  if constexpr (requires { Kind::kEffort; }) {
    return Kind::kEffort;
  } else {
    return {};
  }
}

template <typename Kind>
std::vector<Figure> describe(const Parameters& parameters) {
  if constexpr (requires { Kind::describe(parameters); }) {
    return Kind::describe(parameters);
  } else {
    return {};
  }
}

template <typename Summary>
SummaryText text_of(const Summary& summary) {
  return {.figures = summary.figures(),
          .seconds = summary.seconds,
          .sentence = summary.sentence(),
          .warning = summary.warning()};
}

template <typename Kind, auto summary>
std::string learned(std::span<const BlockSummaries* const> folds) {
  if constexpr (requires { Kind::learned(std::span<const typename Kind::Summary>()); }) {
    std::vector<typename Kind::Summary> summaries;
    for (const BlockSummaries* fold : folds) {
      summaries.push_back(fold->*summary);
    }
    return Kind::learned(std::span<const typename Kind::Summary>(summaries));
  } else {
    return {};
  }
}

template <typename Kind, auto options>
Parameters initial(const Extents& extents, const BlockOptions& all) {
  if constexpr (requires { Kind::initial(extents, all.*options); }) {
    return Kind::initial(extents, all.*options);
  } else {
    return {};
  }
}

template <typename Kind, auto options, auto summary>
Parameters fit(const TrainingSet& set, const BlockOptions& all, const Parameters& start,
               BlockSummaries& summaries) {
  if constexpr (requires { Kind::fit(set, all.*options, start, summaries.*summary); }) {
    return Kind::fit(set, all.*options, start, summaries.*summary);
  } else {
    return {};
  }
}

template <typename Kind, auto options, auto summary>
constexpr BlockKind block_kind(Model model) {
  return {.model = model,
          .name = Kind::kName,
          .title = Kind::kTitle,
          .needs_tags = Kind::kNeedsTags,
          .arrays = Kind::kArrays,
          .effort = effort_of<Kind>(),
          .initial = initial<Kind, options>,
          .fit = fit<Kind, options, summary>,
          .open = Kind::open,
          .describe = describe<Kind>,
          .summary = [](const BlockSummaries& all) { return text_of(all.*summary); },
          .learned = learned<Kind, summary>};
}

constexpr std::array kBlocks = {
#define BALSE_KIND(member, Block) \
  block_kind<Block, &BlockOptions::member, &BlockSummaries::member##_summary>(Model::member),
    BALSE_BLOCKS(BALSE_KIND)
#undef BALSE_KIND
};

std::vector<Model> models_of(std::span<const std::string_view> names) {
  std::vector<Model> models;
  for (const std::string_view name : names) {
    models.push_back(std::find_if(kBlocks.begin(), kBlocks.end(), [&](const BlockKind& kind) {
                       return kind.name == name;
                     })->model);
  }
  return models;
}

template <typename Kind, auto options, auto summary>
BlendKind blend_kind(Model model) {
  return {
      .model = model,
      .name = Kind::kName,
      .title = Kind::kTitle,
      .options = Kind::kOptions,
      .options_title = Kind::kOptionsTitle,
      .parts = models_of(Kind::kParts),
      .arrays = Kind::kArrays,
      .fit = [](const BlockOptions& all,
                BlockSummaries& summaries) { return Kind::fit(all.*options, summaries.*summary); },
      .open = Kind::open,
      .describe = describe<Kind>,
      .summary = [](const BlockSummaries& all) { return text_of(all.*summary); },
      .learned = learned<Kind, summary>};
}

template <typename Options>
void set_seed(Options& options, std::uint64_t seed) {
  if constexpr (requires { options.seed; }) {
    options.seed = seed;
  }
}

template <typename Options>
void set_fold_seed(Options& options, std::size_t fold) {
  if constexpr (requires { options.seed; }) {
    options.seed = derive_seed(options.seed, fold);
  }
}

template <typename Kind>
constexpr std::uint64_t seed_stream() {
  if constexpr (requires { Kind::kSeedStream; }) {
    return Kind::kSeedStream;
  } else {
    return 0;
  }
}

}  // namespace

std::span<const BlockKind> block_kinds() {
  return kBlocks;
}

std::span<const BlendKind> blend_kinds() {
#define BALSE_KIND(member, Blend, options) \
  blend_kind<Blend, &BlockOptions::options, &BlockSummaries::options##_summary>(Model::member),
  static const std::array kBlends = {BALSE_BLENDS(BALSE_KIND)};
#undef BALSE_KIND
  return kBlends;
}

std::string_view name_of(Model model) {
  const std::size_t index = index_of(model);
  return index < kBlocks.size() ? kBlocks[index].name : blend_kinds()[index - kBlocks.size()].name;
}

std::string_view title_of(Model model) {
  const std::size_t index = index_of(model);
  return index < kBlocks.size() ? kBlocks[index].title
                                : blend_kinds()[index - kBlocks.size()].title;
}

std::optional<Model> model_of(std::string_view name) {
  const auto found = std::find_if(kModels.begin(), kModels.end(),
                                  [&](Model model) { return name_of(model) == name; });
  return found == kModels.end() ? std::nullopt : std::optional<Model>(*found);
}

bool needs_tags(Model model) {
  const std::size_t index = index_of(model);
  if (index < kBlocks.size()) {
    return kBlocks[index].needs_tags;
  }
  const auto& parts = blend_kinds()[index - kBlocks.size()].parts;
  return std::any_of(parts.begin(), parts.end(), [](Model part) { return needs_tags(part); });
}

void set_seeds(BlockOptions& options, std::uint64_t seed) {
#define BALSE_SEED(member, Block) set_seed(options.member, derive_seed(seed, seed_stream<Block>()));
  BALSE_BLOCKS(BALSE_SEED)
#undef BALSE_SEED
#define BALSE_SEED(member, Blend, name) \
  set_seed(options.name, derive_seed(seed, seed_stream<Blend>()));
  BALSE_BLENDS(BALSE_SEED)
#undef BALSE_SEED
}

void set_fold_seeds(BlockOptions& options, std::size_t fold) {
#define BALSE_SEED(member, Block) set_fold_seed(options.member, fold);
  BALSE_BLOCKS(BALSE_SEED)
#undef BALSE_SEED
#define BALSE_SEED(member, Blend, name) set_fold_seed(options.name, fold);
  BALSE_BLENDS(BALSE_SEED)
#undef BALSE_SEED
}

}  // namespace balse
