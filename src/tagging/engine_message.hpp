#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "balse/support/error.hpp"

namespace balse {

/// What an engine answers. The one who made it does not trust it: read() believes nothing.
struct EngineAnswer {
  enum class Kind : std::uint32_t {
    loaded,   ///< LibTorch is there: what happens from now on is the network's doing
    ready,    ///< of `outputs` outputs and `features` features
    done,     ///< the probabilities are in the shared memory
    error,    ///< `parts`, of `error`
    failure,  ///< parts.found: thrown, but by nothing a user did
  };
  Kind kind = Kind::done;
  ErrorKind error = ErrorKind::bad_data;
  std::uint64_t outputs = 0;
  std::uint64_t features = 0;
  ErrorParts parts = {};

  /// Sends it as one message of at most kMaxMessage bytes; false where nobody is there.
  bool send(int channel) const;
  /// Waits for one; nothing where there is nobody left to send it, or it makes no sense.
  static std::optional<EngineAnswer> receive(int channel);
};

}  // namespace balse
