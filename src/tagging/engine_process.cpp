#include "tagging/engine_process.hpp"

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <mutex>
#include <new>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"

#include "tagging/engine_message.hpp"

namespace balse {
namespace {

[[noreturn]] void fail_to_start(const std::string& what, int error_number) {
  throw Error(ErrorKind::out_of_resources,
              {.found = what + ": " + system_message(error_number),
               .hint = "more memory or processes (ulimit -v, -u), or later"});
}

/// LibTorch waits for ever where it gets fewer threads than it wants, so that is found out before.
void check_threads(int count) {
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  std::vector<std::thread> threads;
  std::string problem;
  try {
    for (int k = 0; k < count; ++k) {
      threads.emplace_back([&] {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return over; });
      });
    }
  } catch (const std::system_error& error) {
    problem = "only " + std::to_string(threads.size()) + " of the " + std::to_string(count) +
              " threads that a network needs can be started: " + error.code().message();
  }
  {
    const std::lock_guard lock(mutex);
    over = true;
  }
  changed.notify_all();
  for (std::thread& thread : threads) {
    thread.join();
  }
  if (!problem.empty()) {
    throw Error(ErrorKind::out_of_resources,
                {.found = problem, .hint = "fewer --threads, or more processes (ulimit -u)"});
  }
}

/// Leaves nothing of the one who made this process but its memory and the channel.
int settle(int channel) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The handlers of the other process remove its files. What is ignored (nohup) stays ignored.
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGSEGV, SIGBUS, SIGABRT}) {
    if (std::signal(signal, SIG_DFL) == SIG_IGN) {
      std::signal(signal, SIG_IGN);
    }
  }
  constexpr int kChannel = STDERR_FILENO + 1;
  const int own = ::fcntl(channel, F_DUPFD_CLOEXEC, kChannel + 1);
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (nowhere >= 0) {
      ::dup2(nowhere, descriptor);
    } else {
      ::close(descriptor);
    }
  }
  ::dup3(own, kChannel, O_CLOEXEC);
  ::closefrom(kChannel + 1);  // locks among them
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  return kChannel;
}

EngineAnswer answer_for(std::exception_ptr thrown) {
  try {
    std::rethrow_exception(std::move(thrown));
  } catch (const Error& error) {
    return {.kind = EngineAnswer::Kind::error, .error = error.kind(), .parts = error.parts()};
  } catch (const std::bad_alloc&) {
    return {.kind = EngineAnswer::Kind::error,
            .error = ErrorKind::out_of_resources,
            .parts = {.found = "there is not enough memory for the network",
                      .hint = "a smaller --batch, or more memory (ulimit -v)"}};
  } catch (const std::exception& error) {
    return {.kind = EngineAnswer::Kind::failure, .parts = {.found = error.what()}};
  }
}

void serve(int channel, const EnginePlan& plan, const SharedBatch& batch) {
  std::unique_ptr<Network> network;
  EngineRequest request = kGetReady;
  while (::read(channel, &request, sizeof request) == sizeof request) {
    EngineAnswer answer;
    if (request == kGetReady) {
      check_threads(plan.threads + available_processors());
      plan.load();
      EngineAnswer{.kind = EngineAnswer::Kind::loaded}.send(channel);
      network = plan.make();
      answer = {.kind = EngineAnswer::Kind::ready,
                .outputs = network->outputs(),
                .features = network->features()};
    } else {
      network->run(batch.inputs().first(request * batch.values()), request,
                   batch.results().first(request * (network->outputs() + network->features())));
    }
    if (!answer.send(channel)) {
      return;
    }
  }
}

[[noreturn]] void live(int channel, const EnginePlan& plan, const SharedBatch& batch) {
  const int own = settle(channel);
  try {
    serve(own, plan, batch);
  } catch (...) {
    answer_for(std::current_exception()).send(own);
  }
  ::_exit(0);
}

}  // namespace

SharedBatch::SharedBatch(std::size_t pictures, std::size_t values)
    : pictures_(pictures), values_(values) {
  void* const place = ::mmap(nullptr, bytes(), PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place == MAP_FAILED) {
    fail_to_start("no memory for a batch of pictures can be had", errno);
  }
  data_ = static_cast<float*>(place);
}

SharedBatch::~SharedBatch() {
  ::munmap(data_, bytes());
}

std::size_t SharedBatch::bytes() const {
  return pictures_ * (values_ + kMaxOutputs) * sizeof(float);
}

Engine start_engine(const EnginePlan& plan, const SharedBatch& batch) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    fail_to_start("no connection to a process can be made", errno);
  }
  const pid_t process = ::fork();
  if (process == 0) {
    live(ends[1], plan, batch);
  }
  const int failure = errno;
  ::close(ends[1]);
  if (process < 0) {
    ::close(ends[0]);
    fail_to_start("no process can be started", failure);
  }
  return {process, ends[0]};
}

}  // namespace balse
