#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "balse/tagging/tag_posters.hpp"

#include "progress.hpp"
#include "result_file.hpp"
#include "tag_output.hpp"

namespace balse::cli {

/// Hands results on, notes failures, shows how far a run is.
class TagRun final : public PosterSink {
 public:
  TagRun(TagOutput& output, std::vector<PosterFailure>& failures, std::size_t total)
      : output_(output), failures_(failures), total_(total) {}

  void tagged(const Poster& poster, std::span<const float> probabilities) override;
  void failed(const Poster& poster, const std::string& reason) override;
  void embedded(const Poster& poster, std::span<const float> embedding) override;
  void batch_done() override;

  /// As an .npz of the arrays items and embedding (items x features).
  std::string embeddings() const;
  std::size_t tagged_posters() const { return done_ - failed_; }
  double seconds() const;

 private:
  TagOutput& output_;
  std::vector<PosterFailure>& failures_;
  std::size_t total_;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  Progress progress_;
  std::vector<std::string> items_;  // those with an embedding
  std::vector<float> embeddings_;
};

/// Says each failure on a line of standard error, and writes item,path,reason rows where `file` is
/// given.
void report_failures(const std::vector<PosterFailure>& failures, ResultFile* file, bool csv_safe);

}  // namespace balse::cli
