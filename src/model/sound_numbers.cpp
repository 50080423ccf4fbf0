#include "model/sound_numbers.hpp"

#include "balse/support/error.hpp"

namespace balse {

void fail_unsound(const std::string& tensor) {
  throw Error(
      ErrorKind::bad_data,
      {.found = "training left numbers that are not finite, or too large for any model, in " +
                tensor + "; no model is written",
       .hint = "the default options, and whether the ratings are the right column"});
}

}  // namespace balse
