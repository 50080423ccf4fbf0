#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/delimited.hpp"
#include "balse/model/trained_model.hpp"
#include "balse/support/error.hpp"

#include "serving/chunk_reader.hpp"

namespace balse {

/// A chunk on its way: lines in, text out.
struct Chunk {
  Lines lines;
  std::string out;
  std::uint64_t rows = 0;
  std::uint64_t bad_rows = 0;
  std::vector<std::string> first_bad_rows;
  std::array<std::uint64_t, kFallbackCount> fallbacks = {};
  std::optional<ErrorParts> failure;  // the rows before it are in `out`
  std::string lost_member;
};

/// Predicts chunks, one after another; every thread has one of its own. The rows of a chunk are
/// predicted user by user, which a block can do faster than pair by pair, and written in their
/// order.
class PairWorker {
 public:
  PairWorker(const TrainedModel& model, const Predictors& predictors,
             const PredictPairsOptions& options);

  void process(Chunk& chunk);

 private:
  static constexpr std::size_t kMissing = SIZE_MAX;

  struct Row {
    std::uint32_t begin;   // of the line in the chunk's text
    std::uint32_t length;  // without its end
    std::uint32_t user;
    std::uint32_t item;
    std::uint32_t error = 0;  // its number + 1 in errors_; 0: it is a pair
  };

  void read_rows(Chunk& chunk);
  bool read_row(Chunk& chunk, std::string_view line, std::uint64_t line_number);
  bool read_fields(Chunk& chunk, std::string_view line, std::uint64_t line_number);
  bool read_json(Chunk& chunk, std::string_view line, std::uint64_t line_number);
  bool keep_row(Chunk& chunk, std::string_view line, std::uint64_t line_number,
                std::string_view user, std::string_view item);
  bool reject(Chunk& chunk, std::string_view line, std::uint64_t line_number, ErrorParts parts,
              bool can_skip);
  void predict();
  void write_rows(Chunk& chunk);
  void write_error(Chunk& chunk, const Row& row, std::string& out);
  void write_pair(Chunk& chunk, const Row& row, std::string& out);
  void write_members(Chunk& chunk, std::string_view line, std::string& out);
  void write_more(std::size_t row, std::string& out);
  void write_column(std::size_t column, std::size_t row, std::string& out);
  Fallback fallback_of(const Row& row) const;

  const TrainedModel& model_;
  const PredictPairsOptions& options_;
  const Predictors& predictors_;
  Model best_;
  std::vector<Model> models_;          // the best, then those of columns; each once
  std::vector<std::size_t> place_of_;  // in models_, by column of the options; kMissing: none
  JointPrediction joint_;
  LineSplitter splitter_{","};
  PredictionScratch scratch_;

  std::vector<Row> rows_;
  std::vector<std::string> errors_;    // why rows are none
  RowFormat format_ = RowFormat::csv;  // of this chunk's output
  // Rows by user: a list of row numbers + 1 for each user, through next_.
  std::vector<std::uint32_t> head_;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> users_;  // of this chunk
  std::vector<std::uint32_t> list_;   // the rows of one user, and their items
  std::vector<std::uint32_t> items_;
  std::vector<std::vector<double>> by_row_;  // predictions, by model
};

/// What options.format means for rows made from such a file.
RowFormat output_format(const PairLayout& layout, const PredictPairsOptions& options);

/// The header line of rows made from files like the first; empty for jsonl.
std::string pair_header(const PairLayout& layout, const PredictPairsOptions& options);

}  // namespace balse
