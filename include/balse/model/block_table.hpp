#pragma once

// The blocks and blends of the program. Whatever lists, fits, stores, prints or explains them walks
// these tables: a new one is its folder and its line here (docs/adding-a-block.md).

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/blends/stack/stack_blend.hpp"
#include "model/blends/steins/steins_blend.hpp"
#include "model/blocks/als/als_block.hpp"
#include "model/blocks/bias/bias_block.hpp"
#include "model/blocks/lasso/lasso_block.hpp"
#include "model/blocks/means/means_blocks.hpp"
#include "model/blocks/mixed/mixed_block.hpp"
#include "model/blocks/vb/vb_block.hpp"

/// In the order that eval prints them: X(member, Block). `member` is the enumerator of Model and
/// what options and summaries call it, Block the struct that describes it.
#define BALSE_BLOCKS(X)               \
  X(global_mean, GlobalMeanBlock)     \
  X(user_mean, UserMeanBlock)         \
  X(bias, BiasBlock)                  \
  X(als, AlsBlock)                    \
  X(lasso, LassoBlock)                \
  X(mixed, MixedBlock)                \
  X(mixed_bias, MixedBiasBlock)       \
  X(mixed_similar, MixedSimilarBlock) \
  X(vb, VbBlock)                      \
  X(vb_new, VbNewBlock)

/// After the blocks: X(member, Blend, options). The last one whose parts are all there is what the
/// program recommends by.
#define BALSE_BLENDS(X)       \
  X(balse, SteinsBlend, gate) \
  X(balse_plus, StackBlend, stack)

namespace balse {

/// A block or a blend, by name.
enum class Model : std::uint8_t {
#define BALSE_ENUMERATOR(member, ...) member,
  BALSE_BLOCKS(BALSE_ENUMERATOR) BALSE_BLENDS(BALSE_ENUMERATOR)
#undef BALSE_ENUMERATOR
};

/// All of them, in the order of the tables.
inline constexpr std::array kModels = {
#define BALSE_VALUE(member, ...) Model::member,
    BALSE_BLOCKS(BALSE_VALUE) BALSE_BLENDS(BALSE_VALUE)
#undef BALSE_VALUE
};

constexpr std::size_t index_of(Model model) {
  return static_cast<std::size_t>(model);
}

/// The options of every block and blend.
struct BlockOptions {
#define BALSE_MEMBER(member, Block) Block::Options member;
  BALSE_BLOCKS(BALSE_MEMBER)
#undef BALSE_MEMBER
#define BALSE_MEMBER(member, Blend, options) Blend::Options options;
  BALSE_BLENDS(BALSE_MEMBER)
#undef BALSE_MEMBER
};

/// What fitting each of them found.
struct BlockSummaries {
#define BALSE_MEMBER(member, Block) Block::Summary member##_summary;
  BALSE_BLOCKS(BALSE_MEMBER)
#undef BALSE_MEMBER
#define BALSE_MEMBER(member, Blend, options) Blend::Summary options##_summary;
  BALSE_BLENDS(BALSE_MEMBER)
#undef BALSE_MEMBER
};

}  // namespace balse
