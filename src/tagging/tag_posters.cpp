#include "balse/tagging/tag_posters.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "balse/support/error.hpp"

#include "tagging/poster_bytes.hpp"

namespace balse {
namespace {

/// A poster on its way from a decoder to the network.
struct Prepared {
  bool ready = false;
  std::string failure;  ///< empty, or why there are no planes
  std::vector<float> planes;
};

/// Decodes posters ahead of the one who takes them, at most `window` of them, in any order, and
/// hands them out in theirs.
class DecodeAhead {
 public:
  DecodeAhead(std::span<const Poster> posters, const InputSpec& input, const Decode& decode,
              std::size_t window, int threads)
      : posters_(posters), input_(input), decode_(decode), slots_(window) {
    for (int thread = 0; thread < threads; ++thread) {
      try {
        threads_.emplace_back([this] { work(); });
      } catch (const std::system_error& error) {  // the system has no more; one is enough
        if (threads_.empty()) {
          throw Error(ErrorKind::out_of_resources,
                      {.found = "no thread can be started: " + error.code().message(),
                       .hint = "more processes (ulimit -u), more memory (ulimit -v), or later"});
        }
        break;
      }
    }
  }

  ~DecodeAhead() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    room_.notify_all();
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }

  DecodeAhead(const DecodeAhead&) = delete;
  DecodeAhead& operator=(const DecodeAhead&) = delete;

  /// The next poster's; its planes may be swapped for others of the same size, to be used again.
  void take(std::vector<float>& planes, std::string& failure) {
    std::unique_lock lock(mutex_);
    Prepared& slot = slots_[taken_ % slots_.size()];
    ready_.wait(lock, [&] { return slot.ready; });
    std::swap(planes, slot.planes);
    failure = std::move(slot.failure);
    slot.ready = false;
    ++taken_;
    room_.notify_one();
  }

 private:
  void work() {
    std::vector<std::byte> file;
    std::unique_lock lock(mutex_);
    while (true) {
      room_.wait(lock, [&] {
        return stopped_ || claimed_ == posters_.size() || claimed_ < taken_ + slots_.size();
      });
      if (stopped_ || claimed_ == posters_.size()) {
        return;
      }
      const std::size_t poster = claimed_++;
      Prepared& slot = slots_[poster % slots_.size()];
      lock.unlock();
      std::string failure = prepare(posters_[poster], file, slot.planes);
      lock.lock();
      slot.failure = std::move(failure);
      slot.ready = true;
      ready_.notify_one();
    }
  }

  /// Empty, or why it cannot be done: with none of the poster's files.
  std::string prepare(const Poster& poster, std::vector<std::byte>& file,
                      std::vector<float>& planes) const {
    std::string failure = prepare(poster.path, poster.content.get(), file, planes);
    for (const std::string& path : poster.alternatives) {
      if (failure.empty()) {
        break;
      }
      const std::string another = prepare(path, nullptr, file, planes);
      if (another.empty()) {
        return {};
      }
      failure.append("; nor ").append(path).append(": ").append(another);
    }
    return failure;
  }

  std::string prepare(const std::string& path, const std::vector<std::byte>* content,
                      std::vector<std::byte>& file, std::vector<float>& planes) const {
    try {
      if (content == nullptr) {
        read_poster(path, file);
      }
      const Image image = decode_(content != nullptr ? *content : file);
      planes.resize(input_.values());
      prepare_input(image, input_, planes);
      return {};
    } catch (const Error& error) {
      const ErrorParts& parts = error.parts();
      return parts.found + (parts.hint.empty() ? "" : "; try " + parts.hint);
    } catch (const std::bad_alloc&) {
      return "too large for the memory there is";
    } catch (const std::exception& error) {  // a library's own; the others go on
      return std::string("cannot be decoded: ") + error.what();
    }
  }

  std::span<const Poster> posters_;
  const InputSpec& input_;
  const Decode& decode_;

  std::mutex mutex_;
  std::condition_variable room_;   // for decoders: a slot is free, or there is nothing to do
  std::condition_variable ready_;  // for take()
  std::vector<Prepared> slots_;    // poster k is in slot k % window
  std::size_t claimed_ = 0;
  std::size_t taken_ = 0;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

void check_probabilities(std::span<const float> probabilities) {
  const auto wrong = std::find_if(probabilities.begin(), probabilities.end(),
                                  [](float p) { return !(p >= 0.0F && p <= 1.0F); });
  if (wrong != probabilities.end()) {
    throw Error(
        ErrorKind::bad_data,
        {.found = "the network answers " + std::to_string(*wrong) + ", which is no probability",
         .expected = "0 to 1",
         .hint = "--activation sigmoid, if this is a tagger without one"});
  }
}

/// Posters of a batch on their way through the network.
struct Batch {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t count = 0;              // those that could be decoded
  std::vector<std::string> failures;  // of each, or empty
  std::vector<float> inputs;
};

class BatchRunner {
 public:
  BatchRunner(std::span<const Poster> posters, const TagPostersOptions& options,
              const Decode& decode, const MakeNetwork& make_network, PosterSink& sink)
      : posters_(posters),
        size_(std::max<std::size_t>(options.batch, 1)),
        values_(options.input.values()),
        ahead_(posters, options.input, decode, size_, std::max(options.decoders, 1)),
        make_network_(make_network),
        sink_(sink) {}

  /// While the network is busy with a batch, the next one is gathered and the results of the one
  /// before are handed out.
  void run() {
    Batch batches[2];
    gather(0, batches[0]);
    start(batches[0]);
    for (int turn = 0; batches[turn].begin < posters_.size(); turn = 1 - turn) {
      Batch& now = batches[turn];
      Batch& next = batches[1 - turn];
      gather(now.end, next);
      finish(now);
      std::exception_ptr problem;
      try {
        start(next);
      } catch (...) {  // what is done goes first
        problem = std::current_exception();
      }
      hand_out(now);
      if (problem) {
        std::rethrow_exception(problem);
      }
    }
  }

 private:
  /// As many posters as fill a batch, and the broken ones among them.
  void gather(std::size_t begin, Batch& batch) {
    batch.begin = begin;
    batch.end = begin;
    batch.count = 0;
    batch.failures.clear();
    for (; batch.end < posters_.size() && batch.count < size_; ++batch.end) {
      ahead_.take(planes_, batch.failures.emplace_back());
      if (batch.failures.back().empty()) {
        batch.inputs.resize(std::max(batch.inputs.size(), (batch.count + 1) * values_));
        std::copy(planes_.begin(), planes_.end(),
                  batch.inputs.begin() + static_cast<std::ptrdiff_t>(batch.count * values_));
        ++batch.count;
      }
    }
  }

  void start(const Batch& batch) {
    if (batch.count > 0) {
      network_ = network_ != nullptr ? network_ : &make_network_();
      network_->start(std::span(batch.inputs).first(batch.count * values_), batch.count);
    }
  }

  void finish(const Batch& batch) {
    if (batch.count == 0) {
      return;
    }
    outputs_ = network_->outputs();
    width_ = outputs_ + network_->features();
    results_.resize(batch.count * width_);
    network_->finish(results_);
    for (std::size_t row = 0; row < batch.count; ++row) {
      check_probabilities(std::span<const float>(results_).subspan(row * width_, outputs_));
    }
  }

  void hand_out(const Batch& batch) {
    std::size_t row = 0;
    for (std::size_t k = batch.begin; k < batch.end; ++k) {
      const std::string& failure = batch.failures[k - batch.begin];
      if (!failure.empty()) {
        sink_.failed(posters_[k], failure);
        continue;
      }
      const auto result = std::span<const float>(results_).subspan(row * width_, width_);
      sink_.tagged(posters_[k], result.first(outputs_));
      if (width_ > outputs_) {
        sink_.embedded(posters_[k], result.subspan(outputs_));
      }
      ++row;
    }
    sink_.batch_done();
  }

  std::span<const Poster> posters_;
  std::size_t size_;
  std::size_t values_;
  DecodeAhead ahead_;
  const MakeNetwork& make_network_;
  PosterSink& sink_;
  Network* network_ = nullptr;
  std::size_t outputs_ = 0;
  std::size_t width_ = 0;  // of a picture's results
  std::vector<float> planes_;
  std::vector<float> results_;
};

}  // namespace

void tag_posters(std::span<const Poster> posters, const TagPostersOptions& options,
                 const Decode& decode, const MakeNetwork& make_network, PosterSink& sink) {
  BatchRunner(posters, options, decode, make_network, sink).run();
}

}  // namespace balse
