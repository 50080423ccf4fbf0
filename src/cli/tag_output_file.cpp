#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/data/sha256.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "earlier_tags.hpp"
#include "output_lock.hpp"
#include "path_conflicts.hpp"
#include "result_file.hpp"
#include "tag_output.hpp"

namespace balse::cli {
namespace {

class FileOutput final : public TagOutput {
 public:
  FileOutput(const TagList& tags, TagSelection selection, TagFileOptions options);

  std::vector<Poster> plan(const std::vector<Poster>& posters) override;
  void add(const Poster& poster, std::span<const float> probabilities) override;
  void batch_done() override;
  void finish() override;

 private:
  std::string text() const;
  std::string csv_text() const;
  void keep_state(const std::string& written) const;
  void refuse_nothing() const;

  const TagList& tags_;
  TagSelection selection_;
  TagFileOptions options_;
  // Members from here on in the order in which they must go away: the lock last.
  std::unique_ptr<OutputLock> lock_;
  std::unique_ptr<ResultFile> file_;
  std::optional<EarlierTags> earlier_;  // of the file that is updated
  std::unique_ptr<TagJournal> journal_;
  std::vector<Poster> posters_;                                     // all of this run
  std::size_t known_ = 0;                                           // of these, unchanged
  std::unordered_map<std::string, std::vector<TagWeight>> tagged_;  // by item
};

FileOutput::FileOutput(const TagList& tags, TagSelection selection, TagFileOptions options)
    : tags_(tags), selection_(std::move(selection)), options_(std::move(options)) {
  // Opened before the work: a file that cannot be written must not cost an hour.
  if (is_stream(options_.path)) {
    file_ = std::make_unique<ResultFile>(options_.path);
    return;
  }
  // Where the file is reached by several names, they share a lock and a journal.
  options_.path = resolved_path(options_.path);
  lock_ = std::make_unique<OutputLock>(options_.path + ".lock", FileLock::Afterwards::remove,
                                       options_.lock_wait);
  file_ = std::make_unique<ResultFile>(options_.path);
  if (options_.update) {
    check_tagged_state(EarlierTags::state_path(options_.path));
    earlier_.emplace(options_.path, options_.settings);
  }
  journal_ = std::make_unique<TagJournal>(options_.path, options_.settings, tags_.size());
}

std::vector<Poster> FileOutput::plan(const std::vector<Poster>& posters) {
  posters_ = posters;
  std::vector<Poster> todo;
  std::size_t resumed = 0;
  for (const Poster& poster : posters) {
    const std::vector<TagWeight>* const done =
        journal_ && !options_.everything ? journal_->find(poster) : nullptr;
    if (done != nullptr) {
      ++resumed;
      weights_ += done->size();
      tagged_[poster.item] = *done;
    } else if (earlier_ && earlier_->is_known(poster)) {
      ++known_;
    } else {
      todo.push_back(poster);
    }
  }
  if (resumed > 0) {
    spdlog::info("{} of {} tagged by a run that did not finish", resumed,
                 counted(posters.size(), "poster was", "posters were"));
  }
  if (options_.update) {
    spdlog::info("{} of {} unchanged", known_, counted(posters.size(), "poster is", "posters are"));
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
  if (!options_.update && !is_tagged_state(path)) {
    return;
  }
  if (options_.format != TagFormat::csv) {
    std::error_code ignored;
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
  write_tagged_state(path, state, options_.path);
}

/// A run that saw nothing (a disk of posters that is not there) has no result.
void FileOutput::refuse_nothing() const {
  if (tagged_.empty() && known_ == 0 && !(options_.may_be_empty && posters_.empty())) {
    throw Error(ErrorKind::bad_data, {.file = options_.path,
                                      .found = "is left as it was: no poster could be tagged",
                                      .expected = "at least one picture that can be read"});
  }
}

void FileOutput::finish() {
  if (!journal_) {
    file_->write(text());
    file_->commit();
    return;
  }
  refuse_nothing();
  batch_done();
  const std::string written = text();
  file_->write(written);
  file_->commit();
  keep_state(written);
  if (written == kTagRowsHeader) {
    spdlog::warn(
        "{}: has no rows, because no poster has a tag that --threshold and --category select",
        printable(options_.path));
  }
  if (!journal_->remove()) {
    spdlog::warn("{}: cannot be removed, though the run is complete: {}",
                 printable(journal_->path()), system_message(errno));
  }
}

}  // namespace

std::unique_ptr<TagOutput> make_file_output(const TagList& tags, const TagSelection& selection,
                                            const TagFileOptions& options) {
  return std::make_unique<FileOutput>(tags, selection, options);
}

}  // namespace balse::cli
