#include "balse/serving/predict_pairs.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "balse/data/bad_rows.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"

#include "serving/chunk_reader.hpp"
#include "serving/pair_worker.hpp"

namespace balse {
namespace {

/// Chunks go from the reader (the calling thread) through workers to the output. A worker that has
/// finished the chunk whose turn it is writes it and all finished ones that follow; so rows leave
/// in the order they came, and the number of chunks bounds the memory: who is ahead waits.
class Pipeline {
 public:
  Pipeline(const TrainedModel& model, const PredictPairsOptions& options,
           const std::function<void(std::string_view)>& write)
      : model_(&model), predictors_(model.predictors()), options_(options), write_(write) {
    const int threads = resolve_threads(options.threads);
    slots_.resize(static_cast<std::size_t>(2 * threads) + 1);
    for (Slot& slot : slots_) {
      slot.chunk = std::make_unique<Chunk>();
    }
    for (int k = 0; k < threads; ++k) {
      try {
        workers_.emplace_back([this] { work(false); });
      } catch (const std::system_error&) {
        break;  // the system has no more; fewer do as well, or else the reader itself
      }
    }
  }

  ~Pipeline() { stop(); }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  PredictPairsSummary run(const std::vector<std::string>& paths) {
    ChunkReader reader(paths, options_, *model_);
    std::exception_ptr reading;
    try {
      read(reader);
    } catch (...) {
      reading = std::current_exception();
    }
    finish();  // what is wrong with a row before the place where reading failed is said first
    if (reading) {
      std::rethrow_exception(reading);
    }
    if (!first_) {
      begin_output(reader.layout() != nullptr ? *reader.layout()
                                              : PairLayout{.names = {"user", "item"}});
    }
    summary_.guesses = reader.guesses();
    return summary_;
  }

 private:
  enum class State { free, filled, busy, done };
  struct Slot {
    State state = State::free;
    std::unique_ptr<Chunk> chunk;
  };

  Slot& slot(std::uint64_t number) { return slots_[number % slots_.size()]; }

  void read(ChunkReader& reader) {
    Lines lines;
    for (;;) {
      const ChunkReader::Result result = reader.next(lines);
      if (result == ChunkReader::Result::end) {
        return;
      }
      look_for_newer_model(reader);  // also while nobody asks: the next answer need not wait for it
      if (result == ChunkReader::Result::lines) {
        begin_output(*lines.layout);
        submit(lines);
      }
      const std::lock_guard lock(mutex_);
      if (failure_) {
        return;
      }
    }
  }

  // Between two answers: nobody works with the old one any more.
  void look_for_newer_model(ChunkReader& reader) {
    const TrainedModel* const newer = options_.newer_model ? options_.newer_model() : nullptr;
    if (newer == nullptr) {
      return;
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return written_ == submitted_ || failure_; });
    model_ = newer;
    predictors_.emplace(newer->predictors());
    ++model_number_;
    reader.set_model(*newer);
  }

  // The header, before anything else; later files must have the same columns.
  void begin_output(const PairLayout& layout) {
    if (first_) {
      check_columns(layout);
      return;
    }
    first_ = layout;
    if (options_.header || output_format(layout, options_) == RowFormat::jsonl) {
      const std::lock_guard lock(mutex_);
      summary_.renamed = layout.renamed;
    }
    if (options_.header) {
      const std::string header = pair_header(layout, options_);
      if (!header.empty()) {
        write_(header);
      }
    }
  }

  void check_columns(const PairLayout& layout) const {
    if (layout.is_json && first_->is_json) {
      return;  // members come as they are
    }
    const bool same_names =
        !(layout.had_header && first_->had_header) || layout.names == first_->names;
    if (layout.is_json != first_->is_json || layout.names.size() != first_->names.size() ||
        layout.user != first_->user || layout.item != first_->item || !same_names) {
      const auto list = [](const PairLayout& one) {
        std::string names;
        for (const std::string& name : one.names) {
          names += (names.empty() ? "" : ",") + name;
        }
        return shorten(names);
      };
      throw Error(ErrorKind::bad_data, {.file = layout.path,
                                        .found = "its columns are " + list(layout),
                                        .expected = list(*first_) + ", as in the first file",
                                        .hint = "a run of its own"});
    }
  }

  void submit(Lines& lines) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return slot(submitted_).state == State::free || failure_; });
    if (failure_) {
      return;
    }
    std::swap(slot(submitted_).chunk->lines, lines);
    slot(submitted_).state = State::filled;
    ++submitted_;
    changed_.notify_all();
    if (workers_.empty()) {
      lock.unlock();
      work(true);
    }
  }

  /// Until there is nothing more to come; `alone`, where there are no workers, until there is
  /// nothing. (A worker cannot tell by itself: it runs before it is in workers_.)
  void work(bool alone) {
    std::unique_lock lock(mutex_, std::defer_lock);
    try {
      lock.lock();
      work_on(lock, alone);
    } catch (...) {
      if (!lock.owns_lock()) {
        lock.lock();
      }
      fail(std::current_exception());
    }
  }

  void work_on(std::unique_lock<std::mutex>& lock, bool alone) {
    std::optional<PairWorker> worker;
    std::uint64_t number = 0;  // of its model
    for (;;) {
      changed_.wait(lock, [&] { return taken_ < submitted_ || stopping_ || alone; });
      if (taken_ == submitted_ || failure_) {
        return;
      }
      Slot& mine = slot(taken_++);
      mine.state = State::busy;
      const bool is_new = !worker || number != model_number_;
      number = model_number_;
      lock.unlock();
      if (is_new) {
        worker.emplace(*model_, *predictors_, options_);
      }
      worker->process(*mine.chunk);
      lock.lock();
      mine.state = State::done;
      write_finished(lock);
      changed_.notify_all();
    }
  }

  void write_finished(std::unique_lock<std::mutex>& lock) {
    while (!writing_ && !failure_ && slot(written_).state == State::done) {
      writing_ = true;
      const Chunk& chunk = *slot(written_).chunk;
      lock.unlock();
      try {
        if (!chunk.out.empty()) {
          write_(chunk.out);
        }
        lock.lock();
      } catch (...) {
        lock.lock();
        writing_ = false;
        throw;
      }
      count(chunk);
      if (chunk.failure) {
        fail(std::make_exception_ptr(Error(ErrorKind::bad_data, *chunk.failure)));
      }
      writing_ = false;
      slot(written_).state = State::free;
      ++written_;
      changed_.notify_all();
    }
  }

  void count(const Chunk& chunk) {
    summary_.rows += chunk.rows;
    if (!chunk.lost_member.empty()) {
      summary_.lost_member = chunk.lost_member;
    }
    summary_.bad_rows += chunk.bad_rows;
    for (const std::string& message : chunk.first_bad_rows) {
      if (summary_.first_bad_rows.size() < BadRows::kDescribed) {
        summary_.first_bad_rows.push_back(message);
      }
    }
    for (std::size_t k = 0; k < chunk.fallbacks.size(); ++k) {
      summary_.fallbacks[k] += chunk.fallbacks[k];
    }
  }

  void fail(std::exception_ptr error) {
    if (!failure_) {
      failure_ = std::move(error);
    }
    stopping_ = true;
    changed_.notify_all();
  }

  void finish() {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return written_ == submitted_ || failure_; });
    }
    stop();
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& worker : workers_) {
      if (worker.joinable()) {
        worker.join();
      }
    }
  }

  const TrainedModel* model_;
  std::optional<Predictors> predictors_;
  const PredictPairsOptions& options_;
  const std::function<void(std::string_view)>& write_;
  std::optional<PairLayout> first_;  // of the files

  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::uint64_t model_number_ = 0;  // how many there were before
  std::vector<Slot> slots_;         // chunk n is in slot n modulo their number
  std::uint64_t submitted_ = 0;     // chunks
  std::uint64_t taken_ = 0;
  std::uint64_t written_ = 0;
  bool writing_ = false;
  bool stopping_ = false;
  std::exception_ptr failure_;
  PredictPairsSummary summary_;
  std::vector<std::thread> workers_;
};

}  // namespace

PredictPairsSummary predict_pairs(const std::vector<std::string>& paths, const TrainedModel& model,
                                  const PredictPairsOptions& options,
                                  const std::function<void(std::string_view)>& write) {
  return Pipeline(model, options, write).run(paths);
}

}  // namespace balse
