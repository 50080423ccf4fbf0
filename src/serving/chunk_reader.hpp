#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/byte_source.hpp"

#include "serving/pair_layout.hpp"

namespace balse {

/// Whole lines of one file.
struct Lines {
  std::shared_ptr<const PairLayout> layout;
  std::uint64_t lines_before = 0;  // of the file
  std::string text;
};

/// Cuts files into Lines of about kSize bytes, or of what there is when a pipe has no more at the
/// moment.
class ChunkReader {
 public:
  static constexpr std::size_t kSize = std::size_t{1} << 18;

  ChunkReader(std::vector<std::string> paths, const PredictPairsOptions& options,
              const TrainedModel& model)
      : paths_(std::move(paths)), options_(options), model_(&model) {}

  /// A newer one, which tells ids from headers from then on.
  void set_model(const TrainedModel& model) { model_ = &model; }

  enum class Result {
    lines,
    wait,  // nothing came for a while
    end
  };
  Result next(Lines& lines);

  /// Of the file last looked into; null before the first.
  const PairLayout* layout() const { return layout_.get(); }

  /// What was guessed of each file.
  const std::vector<std::string>& guesses() const { return guesses_; }

 private:
  bool open_next();
  void find_layout();
  bool take_preamble(std::string_view line);
  bool take_first_row(std::string_view line, std::uint64_t number);
  void read_more();
  void look_at_start();
  void take(std::size_t length, Lines& lines);
  void check_length() const;

  std::vector<std::string> paths_;
  const PredictPairsOptions& options_;
  const TrainedModel* model_;
  std::size_t next_path_ = 0;
  std::unique_ptr<ByteSource> source_;
  std::shared_ptr<const PairLayout> layout_;  // of the file that is open, once its first line is in
  std::string buffer_;                        // read but not handed out
  std::uint64_t lines_ = 0;                   // handed out, of this file
  bool at_end_ = false;                       // of this file
  std::string said_delimiter_;                // by this file
  std::exception_ptr failure_;                // of reading on
  std::vector<std::string> guesses_;
  bool ends_with_return_ = false;  // lines of this file
};

}  // namespace balse
