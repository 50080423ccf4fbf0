#include "balse/model/model_options.hpp"

namespace balse {

void BalseOptions::visit(FieldVisitor& visitor) {
#define BALSE_VISIT(member, Block) member.visit(visitor);
  BALSE_BLOCKS(BALSE_VISIT)
#undef BALSE_VISIT
#define BALSE_VISIT(member, Blend, options) options.visit(visitor);
  BALSE_BLENDS(BALSE_VISIT)
#undef BALSE_VISIT
  visitor.enter(kGroup);
  visitor.choice({"clip",
                  "Which predictions are cut to the range: lasso, LASSO's, as in the paper, and "
                  "those of BALSE+ "
                  "and its own blocks; all; or none"},
                 kClipWords, clip);
  visitor.interval({"clip-range",
                    "LOW:HIGH; -2:2 for Mangaki's words and the range of the training ratings "
                    "otherwise, if not given"},
                   clip_range);
  visitor.choice({"unseen-users", "What ALS and LASSO predict for users without training ratings"},
                 kUnseenUsersWords, unseen_users);
}

std::string BalseOptions::validate() const {
  return first_fault(*this);
}

}  // namespace balse
