#include "balse/model/model_options.hpp"

namespace balse {

std::string BalseOptions::validate() const {
  for (const std::string& sentence :
       {als.validate(), lasso.validate(), gate.validate(), bias.validate()}) {
    if (!sentence.empty()) {
      return sentence;
    }
  }
  if (clip_range && !(clip_range->low < clip_range->high)) {
    return "the range to clip to must have its low end below its high end";
  }
  constexpr double kFarthest = 1e9;
  if (clip_range && !(clip_range->low >= -kFarthest && clip_range->high <= kFarthest)) {
    return "the range to clip to must lie between -1e9 and 1e9";
  }
  return {};
}

}  // namespace balse
