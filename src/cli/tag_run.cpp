#include "tag_run.hpp"

#include <cstdio>

#include <spdlog/spdlog.h>

#include "balse/data/npz_writer.hpp"
#include "balse/data/row_text.hpp"
#include "balse/support/error.hpp"

namespace balse::cli {

void TagRun::tagged(const Poster& poster, std::span<const float> probabilities) {
  output_.add(poster, probabilities);
  ++done_;
}

void TagRun::failed(const Poster& poster, const std::string& reason) {
  failures_.push_back({poster.item, poster.path, reason});
  ++done_;
  ++failed_;
}

void TagRun::embedded(const Poster& poster, std::span<const float> embedding) {
  items_.push_back(poster.item);
  embeddings_.insert(embeddings_.end(), embedding.begin(), embedding.end());
}

std::string TagRun::embeddings() const {
  NpzWriter writer;
  writer.add("items", items_);
  writer.add_matrix("embedding", embeddings_,
                    items_.empty() ? 0 : embeddings_.size() / items_.size());
  return writer.finish();
}

void TagRun::batch_done() {
  output_.batch_done();
  char text[64];
  std::snprintf(text, sizeof text, "%zu of %zu posters, %.1f images/s", done_, total_,
                static_cast<double>(done_) / seconds());
  progress_.update(done_, total_, text);
}

double TagRun::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
}

void report_failures(const std::vector<PosterFailure>& failures, ResultFile* file, bool csv_safe) {
  for (const PosterFailure& failure : failures) {
    spdlog::warn("{}: {}", printable(failure.path), failure.reason);
  }
  if (file == nullptr) {
    return;
  }
  const FieldStyle style = {',', csv_safe};
  std::string rows = "item,path,reason\n";
  for (const PosterFailure& failure : failures) {
    append_field(rows, printable(failure.item), style);
    rows += ',';
    append_field(rows, printable(failure.path), style);
    rows += ',';
    append_field(rows, failure.reason, style);
    rows += '\n';
  }
  file->write(rows);
  file->commit();
}

}  // namespace balse::cli
