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

}  // namespace

void tag_posters(std::span<const Poster> posters, const TagPostersOptions& options,
                 const Decode& decode, const MakeNetwork& make_network, PosterSink& sink) {
  const std::size_t batch = std::max<std::size_t>(options.batch, 1);
  DecodeAhead ahead(posters, options.input, decode, 2 * batch, std::max(options.decoders, 1));
  const std::size_t values = options.input.values();
  std::vector<float> inputs;
  std::vector<float> planes;
  std::vector<float> results;
  std::vector<std::string> failures;
  Network* network = nullptr;
  for (std::size_t begin = 0; begin < posters.size();) {
    // A batch is as many posters as fill it, and the broken ones among them.
    std::size_t end = begin;
    std::size_t count = 0;
    failures.clear();
    for (; end < posters.size() && count < batch; ++end) {
      ahead.take(planes, failures.emplace_back());
      if (failures.back().empty()) {
        inputs.resize(std::max(inputs.size(), (count + 1) * values));
        std::copy(planes.begin(), planes.end(),
                  inputs.begin() + static_cast<std::ptrdiff_t>(count * values));
        ++count;
      }
    }
    std::size_t outputs = 0;
    std::size_t width = 0;
    if (count > 0) {
      network = network != nullptr ? network : &make_network();
      outputs = network->outputs();
      width = outputs + network->features();
      results.resize(count * width);
      network->run(std::span(inputs).first(count * values), count, results);
      for (std::size_t row = 0; row < count; ++row) {
        check_probabilities(std::span<const float>(results).subspan(row * width, outputs));
      }
    }
    std::size_t row = 0;
    for (std::size_t poster = begin; poster < end; ++poster) {
      const std::string& failure = failures[poster - begin];
      if (failure.empty()) {
        const auto probabilities = std::span<const float>(results).subspan(row * width, outputs);
        sink.tagged(posters[poster], probabilities);
        if (width > outputs) {
          sink.embedded(posters[poster], std::span<const float>(results).subspan(
                                             row * width + outputs, width - outputs));
        }
        ++row;
      } else {
        sink.failed(posters[poster], failure);
      }
    }
    sink.batch_done();
    begin = end;
  }
}

}  // namespace balse
