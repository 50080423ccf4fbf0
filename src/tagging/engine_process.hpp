#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <sys/types.h>

#include "balse/tagging/network.hpp"

namespace balse {

/// Pictures, and what networks answer, that two processes see.
class SharedBatch {
 public:
  /// Throws Error(out_of_resources).
  SharedBatch(std::size_t pictures, std::size_t values);
  ~SharedBatch();
  SharedBatch(const SharedBatch&) = delete;
  SharedBatch& operator=(const SharedBatch&) = delete;

  std::size_t pictures() const { return pictures_; }
  std::size_t values() const { return values_; }
  std::span<float> inputs() const { return {data_, pictures_ * values_}; }
  std::span<float> results() const {
    return {data_ + pictures_ * values_, pictures_ * kMaxOutputs};
  }

  /// A hundred times as many tags as the largest taggers have would be more than there are.
  static constexpr std::size_t kMaxOutputs = std::size_t{1} << 17;

 private:
  std::size_t bytes() const;

  std::size_t pictures_;
  std::size_t values_;
  float* data_ = nullptr;
};

/// What an engine does before it answers.
struct EnginePlan {
  int threads = 1;             ///< of the network
  std::function<void()> load;  ///< what still is not the network's doing
  std::function<std::unique_ptr<Network>()> make;
};

struct Engine {
  pid_t process = 0;
  int channel = -1;
};

/// What an engine is asked for: so many pictures, or to get ready.
using EngineRequest = std::uint32_t;
inline constexpr EngineRequest kGetReady = 0;

/// Starts the process, which does nothing yet but wait for requests; each is answered by
/// EngineAnswer::ready or done, or something worse, kGetReady by EngineAnswer::loaded before.
/// Throws Error(out_of_resources).
Engine start_engine(const EnginePlan& plan, const SharedBatch& batch);

}  // namespace balse
