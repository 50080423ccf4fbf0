#include "balse/model/block.hpp"

namespace balse {

std::string_view name_of(Fallback fallback) {
  switch (fallback) {
    case Fallback::none:
      return "none";
    case Fallback::unseen_item:
      return "unseen-item";
    case Fallback::unseen_user:
      return "unseen-user";
    case Fallback::unseen_both:
      return "unseen-both";
    case Fallback::no_tags:
      return "no-tags";
  }
  return "none";
}

}  // namespace balse
