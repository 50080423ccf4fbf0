#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "balse/model/block_table.hpp"
#include "balse/model/option_fields.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// Which predictions are cut to a range.
enum class Clip : std::uint8_t {
  none,
  lasso,  ///< LASSO alone, as in the paper and its code
  all,    ///< every model
};

inline constexpr std::array<std::string_view, 3> kClipWords = {"none", "lasso", "all"};

/// The options of all blocks and blends, and what concerns every one of them.
struct BalseOptions : BlockOptions {
  /// Of the options of all models together.
  static constexpr OptionGroup kGroup = {"", "Models"};

  Clip clip = Clip::lasso;
  /// tau of the paper's section IV.B for [-2, 2]; absent: lowest and highest training rating.
  std::optional<ClipRange> clip_range;
  UnseenUsers unseen_users = UnseenUsers::item_mean;

  void visit(FieldVisitor& visitor);
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

}  // namespace balse
