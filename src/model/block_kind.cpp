#include "balse/model/block_kind.hpp"

#include <algorithm>
#include <array>
#include <utility>

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
constexpr bool by_default() {
  if constexpr (requires { Kind::kByDefault; }) {
    return Kind::kByDefault;
  } else {
    return true;
  }
}

template <typename Kind>
constexpr bool clipped() {
  if constexpr (requires { Kind::kClipped; }) {
    return Kind::kClipped;
  } else {
    return false;
  }
}

template <typename Kind>
bool sound(const Parameters& parameters) {
  if constexpr (requires { Kind::sound(parameters); }) {
    return Kind::sound(parameters);
  } else {
    return true;
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
SummaryText summary_text(const Summary& summary) {
  SummaryText text{.figures = summary.figures(),
                   .seconds = summary.seconds,
                   .sentence = summary.sentence(),
                   .warning = summary.warning()};
  if constexpr (requires { summary.trace; }) {
    text.trace = summary.trace;
  }
  return text;
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
Parameters fit_kind(const TrainingSet& set, const BlockOptions& all, const Parameters& start,
                    BlockSummaries& summaries) {
  if constexpr (requires { Kind::fit(set, all.*options, start, summaries.*summary); }) {
    return Kind::fit(set, all.*options, start, summaries.*summary);
  } else {
    return {};
  }
}

template <typename Kind, auto options>
constexpr auto fold_in_of() -> decltype(BlockKind::fold_in) {
  if constexpr (requires(const Parameters& parameters, const FoldInSet& set,
                         const BlockOptions& all) {
                  Kind::fold_in(parameters, set, all.*options);
                }) {
    return [](const Parameters& parameters, const FoldInSet& set, const BlockOptions& all) {
      return Kind::fold_in(parameters, set, all.*options);
    };
  } else {
    return nullptr;
  }
}

template <typename Kind, auto summary>
constexpr ModelKind model_kind(Model model, std::string_view group, std::string_view group_title,
                               bool needs_tags) {
  return {.model = model,
          .name = Kind::kName,
          .title = Kind::kTitle,
          .group = group,
          .group_title = group_title,
          .needs_tags = needs_tags,
          .by_default = by_default<Kind>(),
          .clipped = clipped<Kind>(),
          .arrays = Kind::kArrays,
          .effort = effort_of<Kind>(),
          .sound = sound<Kind>,
          .describe = describe<Kind>,
          .summary = [](const BlockSummaries& all) { return summary_text(all.*summary); },
          .learned = learned<Kind, summary>};
}

template <typename Kind, auto options, auto summary>
constexpr BlockKind block_kind(Model model) {
  return {model_kind<Kind, summary>(model, Kind::kName, Kind::kTitle, Kind::kNeedsTags),
          initial<Kind, options>, fit_kind<Kind, options, summary>, fold_in_of<Kind, options>(),
          Kind::open};
}

constexpr std::array kBlocks = {
#define BALSE_KIND(member, Block) \
  block_kind<Block, &BlockOptions::member, &BlockSummaries::member##_summary>(Model::member),
    BALSE_BLOCKS(BALSE_KIND)
#undef BALSE_KIND
};

Model part_named(std::string_view name) {
  return std::find_if(kBlocks.begin(), kBlocks.end(),
                      [&](const BlockKind& kind) { return kind.name == name; })
      ->model;
}

template <typename Kind, auto options, auto summary>
BlendKind blend_kind(Model model) {
  std::vector<Model> parts;
  std::vector<HeldOut> learned_from;
  const auto add = [&](std::span<const std::string_view> names, HeldOut how) {
    for (const std::string_view name : names) {
      parts.push_back(part_named(name));
      learned_from.push_back(how);
    }
  };
  add(Kind::kParts, HeldOut::ratings);
  if constexpr (requires { Kind::kNewItemParts; }) {
    static_assert(Kind::kParts.size() + Kind::kNewItemParts.size() <= kMostParts);
    add(Kind::kNewItemParts, HeldOut::items);
  } else {
    static_assert(Kind::kParts.size() <= kMostParts);
  }
  return {model_kind<Kind, summary>(model, Kind::kOptions, Kind::kOptionsTitle, Kind::kNeedsTags),
          std::move(parts), std::move(learned_from),
          [](const BlockOptions& all, BlockSummaries& summaries) {
            return Kind::fit(all.*options, summaries.*summary);
          },
          Kind::open};
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

template <typename Options>
void set_trace(Options& options) {
  if constexpr (requires { options.trace; }) {
    options.trace = true;
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

std::span<const ModelKind* const> model_kinds() {
  static const std::array kKinds = [] {
    std::array<const ModelKind*, kModels.size()> kinds = {};
    for (const BlockKind& kind : block_kinds()) {
      kinds[index_of(kind.model)] = &kind;
    }
    for (const BlendKind& kind : blend_kinds()) {
      kinds[index_of(kind.model)] = &kind;
    }
    return kinds;
  }();
  return kKinds;
}

std::string_view name_of(Model model) {
  return model_kinds()[index_of(model)]->name;
}

std::string_view title_of(Model model) {
  return model_kinds()[index_of(model)]->title;
}

std::optional<Model> model_of(std::string_view name) {
  const auto found = std::find_if(kModels.begin(), kModels.end(),
                                  [&](Model model) { return name_of(model) == name; });
  return found == kModels.end() ? std::nullopt : std::optional<Model>(*found);
}

bool needs_tags(Model model) {
  return model_kinds()[index_of(model)]->needs_tags;
}

std::vector<Model> models_by_default() {
  std::vector<Model> models;
  for (const ModelKind* kind : model_kinds()) {
    if (kind->by_default) {
      models.push_back(kind->model);
    }
  }
  return models;
}

std::vector<Model> models_with(Model blend) {
  std::vector<Model> models = models_by_default();
  if (std::find(models.begin(), models.end(), blend) == models.end()) {
    models.push_back(blend);
  }
  return models;
}

std::vector<Model> models_with_blends() {
  std::vector<Model> models = models_by_default();
  for (const BlendKind& kind : blend_kinds()) {
    if (!kind.by_default) {
      models.push_back(kind.model);
    }
  }
  return models;
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

void keep_traces(BlockOptions& options) {
#define BALSE_TRACE(member, Block) set_trace(options.member);
  BALSE_BLOCKS(BALSE_TRACE)
#undef BALSE_TRACE
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
