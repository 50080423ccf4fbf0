#include <filesystem>
#include <unordered_map>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/support/atomic_file.hpp"
#include "balse/tagging/tagger_file.hpp"

#include "earlier_tags.hpp"
#include "path_conflicts.hpp"
#include "standard_output.hpp"
#include "tag_output.hpp"

namespace balse::cli {
namespace {

class FileOutput final : public TagOutput {
 public:
  FileOutput(const TagList& tags, const TagSelection& selection, TagFileOptions options);

  std::vector<Poster> plan(const std::vector<Poster>& posters) override;
  void add(const Poster& poster, std::span<const float> probabilities) override;
  void batch_done() override;
  void finish() override;

 private:
  std::string text() const;
  std::string csv_text() const;
  void keep_state(const std::string& written) const;

  const TagList& tags_;
  TagSelection selection_;
  TagFileOptions options_;
  // Members from here on in the order in which they must go away: the lock last.
  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<AtomicFile> file_;
  std::optional<EarlierTags> earlier_;  // of the file that is updated
  std::unique_ptr<TagJournal> journal_;
  std::vector<Poster> posters_;                                     // all of this run
  std::unordered_map<std::string, std::vector<TagWeight>> tagged_;  // by item
};

FileOutput::FileOutput(const TagList& tags, const TagSelection& selection, TagFileOptions options)
    : tags_(tags), selection_(selection), options_(std::move(options)) {
  if (options_.path == "-") {
    return;
  }
  // Where the file is reached by several names, they share a lock and a journal.
  options_.path = resolved_path(options_.path);
  lock_ = std::make_unique<FileLock>(options_.path + ".lock", FileLock::Afterwards::remove);
  // Opened before the work: a file that cannot be written must not cost an hour.
  file_ = std::make_unique<AtomicFile>(options_.path);
  if (options_.update) {
    earlier_.emplace(options_.path, options_.settings);
  }
  journal_ =
      std::make_unique<TagJournal>(options_.path + ".partial", options_.settings, tags_.size());
}

std::vector<Poster> FileOutput::plan(const std::vector<Poster>& posters) {
  posters_ = posters;
  std::vector<Poster> todo;
  std::size_t resumed = 0;
  std::size_t known = 0;
  for (const Poster& poster : posters) {
    const std::vector<TagWeight>* const done = journal_ ? journal_->find(poster) : nullptr;
    if (done != nullptr) {
      ++resumed;
      weights_ += done->size();
      tagged_[poster.item] = *done;
    } else if (earlier_ && earlier_->is_known(poster)) {
      ++known;
    } else {
      todo.push_back(poster);
    }
  }
  if (resumed > 0) {
    spdlog::info("{} of {} posters were tagged by a run that did not finish", resumed,
                 posters.size());
  }
  if (options_.update) {
    spdlog::info("{} of {} posters are unchanged", known, posters.size());
  }
  return todo;
}

void FileOutput::add(const Poster& poster, std::span<const float> probabilities) {
  std::vector<TagWeight> selected = select_tags(probabilities, tags_, selection_);
  weights_ += selected.size();
  if (journal_) {
    journal_->add(poster, selected);
  }
  tagged_[poster.item] = std::move(selected);
}

void FileOutput::batch_done() {
  if (journal_) {
    journal_->flush();
  }
}

std::string FileOutput::csv_text() const {
  std::string out(kTagRowsHeader);
  const auto append_new = [&](const std::string& item, const std::vector<TagWeight>& selected) {
    for (const auto& [tag, weight] : selected) {
      append_triplet(out, item, tags_.names[tag], weight, options_.csv_safe);
    }
  };
  // Items stay where they are in the file, so that a night's changes are easy to see.
  std::size_t left_out = 0;
  for (std::uint32_t k = 0; earlier_ && k < earlier_->items(); ++k) {
    const std::string item = earlier_->item(k);
    if (const auto now = tagged_.find(item); now != tagged_.end()) {
      append_new(item, now->second);
    } else if (earlier_->is_outdated(item)) {
      ++left_out;
    } else {
      earlier_->append_rows(out, k);
    }
  }
  if (left_out > 0) {
    spdlog::warn(
        "the old rows of {} items, made with other weights, tags or options, are left out: their "
        "posters are not here or failed",
        left_out);
  }
  for (const Poster& poster : posters_) {
    const auto now = tagged_.find(poster.item);
    if (now != tagged_.end() && !(earlier_ && earlier_->has(poster.item))) {
      append_new(poster.item, now->second);
    }
  }
  return out;
}

std::string FileOutput::text() const {
  if (options_.format == TagFormat::csv) {
    return csv_text();
  }
  std::string lines;
  TagMatrixNpz matrix(tags_, selection_);
  for (const Poster& poster : posters_) {
    const auto found = tagged_.find(poster.item);
    if (found == tagged_.end()) {
      continue;
    }
    if (options_.format == TagFormat::npz) {
      matrix.add(poster.item, found->second);
    } else {
      append_json_line(lines, poster.item, found->second, tags_);
    }
  }
  return options_.format == TagFormat::npz ? matrix.bytes() : lines;
}

/// For the next --update. A file written by --output has a state only if it had one, lest that tell
/// of a file that is no more.
void FileOutput::keep_state(const std::string& written) const {
  const std::string path = EarlierTags::state_path(options_.path);
  std::error_code ignored;
  if (!options_.update && !std::filesystem::exists(path, ignored)) {
    return;
  }
  if (options_.format != TagFormat::csv) {
    std::filesystem::remove(path, ignored);
    return;
  }
  TaggedState state{
      .settings = options_.settings, .file = text_fingerprint(written), .posters = {}};
  if (earlier_) {
    state.posters = earlier_->posters();
  }
  for (const Poster& poster : posters_) {
    // Of an unchanged poster too, where there was no such file before.
    if (tagged_.contains(poster.item) || (earlier_ && earlier_->is_known(poster))) {
      state.posters[poster.item] = poster;
    }
  }
  write_tagged_state(path, state);
}

void FileOutput::finish() {
  if (options_.path == "-") {
    write_standard_output(text());
    return;
  }
  batch_done();
  const std::string written = text();
  file_->write(written);
  file_->commit();
  keep_state(written);
  journal_->remove();
}

}  // namespace

std::unique_ptr<TagOutput> make_file_output(const TagList& tags, const TagSelection& selection,
                                            const TagFileOptions& options) {
  return std::make_unique<FileOutput>(tags, selection, options);
}

}  // namespace balse::cli
