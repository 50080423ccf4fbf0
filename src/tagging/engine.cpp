#include "balse/tagging/engine.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "balse/support/error.hpp"

#include "tagging/engine_message.hpp"
#include "tagging/engine_process.hpp"

namespace balse {
namespace {

using Seconds = std::chrono::duration<double>;
using Clock = std::chrono::steady_clock;

/// A process that has not run at all for so long waits for something that never comes.
constexpr int kIdleSeconds = 30;

/// Processor time that a process has taken so far, in nanoseconds.
std::int64_t processor_time(pid_t process) {
  clockid_t clock = 0;
  timespec time = {};
  if (::clock_getcpuclockid(process, &clock) == 0) {
    ::clock_gettime(clock, &time);
  }
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

class EngineNetwork final : public Network {
 public:
  /// `script` is the path of a network of others, whose fault much may be; empty for our own.
  EngineNetwork(std::string script, const InputSpec& input, const NetworkOptions& options,
                const EnginePlan& plan)
      : script_(std::move(script)),
        limits_(options.limits),
        batch_(std::max<std::size_t>(options.batch, 1), input.values()),
        engine_(start_engine(plan, batch_)) {}

  ~EngineNetwork() override { end(); }

  std::size_t outputs() override {
    if (outputs_ == 0) {
      get_ready();
    }
    return outputs_;
  }

  std::size_t features() override {
    outputs();
    return features_;
  }

  void run(std::span<const float> inputs, std::size_t count, std::span<float> results) override {
    const std::size_t width = outputs() + features_;
    for (std::size_t done = 0; done < count;) {
      const std::size_t part = std::min(count - done, batch_.pictures());
      begin_part(inputs.subspan(done * batch_.values()), part);
      end_part(results.subspan(done * width));
      done += part;
    }
  }

  void start(std::span<const float> inputs, std::size_t count) override {
    outputs();
    if (count <= batch_.pictures()) {
      begin_part(inputs, count);
    } else {
      Network::start(inputs, count);
    }
  }

  void finish(std::span<float> results) override {
    if (part_ > 0) {
      end_part(results);
    } else {
      Network::finish(results);
    }
  }

 private:
  void begin_part(std::span<const float> inputs, std::size_t count) {
    std::copy_n(inputs.begin(), count * batch_.values(), batch_.inputs().begin());
    request(static_cast<EngineRequest>(count));
    part_ = count;
  }

  void end_part(std::span<float> results) {
    const std::size_t count = std::exchange(part_, 0);
    // What one picture took says how fast this machine is, and how fast the network.
    const Seconds limit =
        Seconds(limits_.batch_seconds) + 10.0 * static_cast<double>(count) * start_;
    if (answer(limit).kind != EngineAnswer::Kind::done) {
      died();
    }
    std::copy_n(batch_.results().begin(), count * (outputs_ + features_), results.begin());
  }

  void get_ready() {
    request(kGetReady);
    const Seconds limit(limits_.start_seconds);
    if (answer(limit).kind != EngineAnswer::Kind::loaded) {
      died();
    }
    loaded_ = true;
    const auto begun = Clock::now();
    const EngineAnswer ready = answer(limit);
    start_ = Clock::now() - begun;
    if (ready.kind != EngineAnswer::Kind::ready || ready.outputs == 0 ||
        ready.outputs > SharedBatch::kMaxOutputs ||
        ready.features > SharedBatch::kMaxOutputs - ready.outputs) {
      end();
      throw Error(ErrorKind::bad_data,
                  {.file = script_,
                   .found = "a network of " + std::to_string(ready.outputs) + " outputs",
                   .expected = "1 to " + std::to_string(SharedBatch::kMaxOutputs)});
    }
    outputs_ = ready.outputs;
    features_ = ready.features;
  }

  void request(EngineRequest what) {
    if (engine_.process == 0 ||
        ::send(engine_.channel, &what, sizeof what, MSG_NOSIGNAL) != sizeof what) {
      died();
    }
  }

  EngineAnswer answer(Seconds limit) {
    wait(limit);
    const auto received = EngineAnswer::receive(engine_.channel);
    if (!received) {
      died();
    }
    if (received->kind == EngineAnswer::Kind::error) {
      end();
      throw Error(received->error, received->parts);
    }
    if (received->kind == EngineAnswer::Kind::failure) {
      end();
      throw std::runtime_error(printable(received->parts.found));
    }
    return *received;
  }

  /// Until there is something to receive.
  void wait(Seconds limit) {
    const auto begun = Clock::now();
    int idle = 0;
    std::int64_t taken = 0;
    pollfd waiting = {.fd = engine_.channel, .events = POLLIN, .revents = 0};
    while (::poll(&waiting, 1, 1000) <= 0) {
      const Seconds passed = Clock::now() - begun;
      if (passed > limit) {
        end();
        too_slow(static_cast<long>(passed.count()));
      }
      const std::int64_t now = processor_time(engine_.process);
      idle = now == std::exchange(taken, now) ? idle + 1 : 0;
      if (idle >= kIdleSeconds) {
        end();
        blame("has not moved for " + std::to_string(kIdleSeconds) + " s");
      }
    }
  }

  [[noreturn]] void too_slow(long seconds) {
    const std::string found = "has not ended after " + std::to_string(seconds) + " s";
    if (script_.empty() || !loaded_) {
      blame(found);
    }
    throw Error(
        ErrorKind::bad_data,
        {.file = script_, .found = "this " + found, .expected = "a tagger, which ends by itself"});
  }

  /// The engine is not there any more.
  [[noreturn]] void died() {
    const int status = end();
    const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    if (script_.empty() || !loaded_ || killed) {
      blame(killed ? "was killed, as the system does when memory runs out"
            : WIFSIGNALED(status)
                ? "was ended by signal " + std::to_string(WTERMSIG(status))
                : "ended with " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : 0));
    }
    throw Error(ErrorKind::bad_data, {.file = script_,
                                      .found = "this crashes whoever reads it",
                                      .expected = "a tagger as its maker's tools wrote it"});
  }

  [[noreturn]] void blame(const std::string& what) const {
    throw Error(ErrorKind::out_of_resources,
                {.found = "the process that runs the network " + what +
                          ": most likely there is no memory, or no thread, left",
                 .hint = "fewer --threads, a smaller --batch, or more memory and processes "
                         "(ulimit -v, -u)"});
  }

  /// Returns what waitpid() says. The engine gets a moment to end by itself, which it does without
  /// the channel unless it is busy: its own status tells more than SIGKILL.
  int end() {
    int status = 0;
    if (engine_.process == 0) {
      return status;
    }
    ::close(engine_.channel);
    constexpr int kMoment = 100;
    for (int passed = 0; ::waitpid(engine_.process, &status, WNOHANG) == 0; ++passed) {
      if (passed == kMoment) {
        ::kill(engine_.process, SIGKILL);
        while (::waitpid(engine_.process, &status, 0) < 0 && errno == EINTR) {
        }
        status = 0;
        break;
      }
      ::poll(nullptr, 0, 1);
    }
    engine_.process = 0;
    return status;
  }

  std::string script_;
  EngineLimits limits_;
  SharedBatch batch_;
  Engine engine_;
  bool loaded_ = false;
  std::size_t part_ = 0;  // pictures that the engine is busy with
  std::size_t outputs_ = 0;
  std::size_t features_ = 0;
  Seconds start_ = {};
};

}  // namespace

std::unique_ptr<Network> illustration2vec_engine(Illustration2VecWeights weights,
                                                 const NetworkOptions& options) {
  // The copy here goes when this returns; the engine's is taken apart.
  auto all = std::make_shared<Illustration2VecWeights>(std::move(weights));
  const EnginePlan plan = {.threads = options.threads,
                           .load = [] { inference(); },
                           .make =
                               [&] {
                                 const auto last = std::exchange(all, nullptr);
                                 return inference().illustration2vec(std::move(*last), options);
                               }};
  return std::make_unique<EngineNetwork>(std::string(), InputSpec{}, options, plan);
}

std::unique_ptr<Network> torchscript_engine(const std::string& path, const InputSpec& input,
                                            Activation activation, const NetworkOptions& options) {
  const EnginePlan plan = {
      .threads = options.threads,
      .load = [&] { inference().warm_up(options); },
      .make = [&] { return inference().torchscript(path, input, activation, options); }};
  return std::make_unique<EngineNetwork>(path, input, options, plan);
}

std::unique_ptr<Network> onnx_engine(const OnnxSession& session, const NetworkOptions& options) {
  const EnginePlan plan = {.threads = options.threads,
                           .load = [&] { check_onnxruntime(session.runtime); },
                           .make = [&] { return make_onnx_network(session, options); }};
  return std::make_unique<EngineNetwork>(session.model, session.plan.spec, options, plan);
}

}  // namespace balse
