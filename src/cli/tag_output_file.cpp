#include <filesystem>
#include <sys/stat.h>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/data/tags_reader.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/tagging/tagger_file.hpp"

#include "standard_output.hpp"
#include "tag_output.hpp"

namespace balse::cli {
namespace {

/// Nanoseconds since 1970, or nothing where there is no such file.
std::optional<std::int64_t> modified_time(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    return std::nullopt;
  }
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec;
}

class FileOutput final : public TagOutput {
 public:
  FileOutput(const TagList& tags, const TagSelection& selection, TagFileOptions options);

  std::vector<Poster> plan(const std::vector<Poster>& posters) override;
  void add(const Poster& poster, std::span<const float> probabilities) override;
  void batch_done() override;
  void finish() override;

 private:
  void read_yesterday();
  bool is_known(const Poster& poster) const;
  std::string text() const;
  std::string csv_text() const;
  void append_old_rows(std::string& out, std::uint32_t item) const;
  void write_state(const std::string& written);

  const TagList& tags_;
  TagSelection selection_;
  TagFileOptions options_;
  // Members from here on in the order in which they must go away: the lock last.
  std::unique_ptr<FileLock> lock_;
  std::unique_ptr<TagJournal> journal_;
  std::optional<Tags> old_tags_;  // of the file that is updated
  std::optional<TaggedState> old_state_;
  bool state_fits_ = false;  // the state is of the very file that is there
  std::int64_t old_time_ = 0;
  std::vector<Poster> posters_;                                     // all of this run
  std::unordered_map<std::string, std::vector<TagWeight>> tagged_;  // by item
};

FileOutput::FileOutput(const TagList& tags, const TagSelection& selection, TagFileOptions options)
    : tags_(tags), selection_(selection), options_(std::move(options)) {
  if (options_.path == "-") {
    return;
  }
  lock_ = std::make_unique<FileLock>(options_.path + ".lock", FileLock::Afterwards::remove);
  journal_ =
      std::make_unique<TagJournal>(options_.path + ".partial", options_.settings, tags_.size());
  if (options_.update) {
    read_yesterday();
  }
}

void FileOutput::read_yesterday() {
  const auto time = modified_time(options_.path);
  if (!time) {
    return;
  }
  if (std::filesystem::file_size(options_.path) > std::string_view("item,tag,weight\n").size()) {
    ReadTagsSummary summary;
    old_tags_ = read_tags(options_.path, {.format = TagsFormat::triplets}, summary);
  }
  old_time_ = *time;
  old_state_ = read_tagged_state(options_.path + ".posters");
  state_fits_ = old_state_ && old_state_->file == file_fingerprint(options_.path);
  if (old_state_ && old_state_->settings != options_.settings) {
    spdlog::info("{} was made with other weights, tags or options: all posters are tagged again",
                 options_.path);
    old_state_->posters.clear();
  }
}

bool FileOutput::is_known(const Poster& poster) const {
  const bool has_rows = old_tags_ && old_tags_->items.find(poster.item);
  if (old_state_) {
    const auto before = old_state_->posters.find(poster.item);
    // Without rows: its tags are all below the threshold, or somebody wrote the file anew.
    return before != old_state_->posters.end() && is_unchanged(before->second, poster) &&
           (has_rows || state_fits_);
  }
  // Somebody else made the file: its time of last change has to do.
  return has_rows && poster.modified <= old_time_;
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
    } else if (is_known(poster)) {
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

void FileOutput::append_old_rows(std::string& out, std::uint32_t item) const {
  const auto tags = old_tags_->matrix.tags_of(item);
  const auto weights = old_tags_->matrix.weights_of(item);
  for (std::size_t k = 0; k < tags.size(); ++k) {
    append_triplet(out, old_tags_->items[item], old_tags_->names[tags[k]], weights[k]);
  }
}

std::string FileOutput::csv_text() const {
  std::string out = "item,tag,weight\n";
  const auto append_new = [&](const std::string& item, const std::vector<TagWeight>& selected) {
    for (const auto& [tag, weight] : selected) {
      append_triplet(out, item, tags_.names[tag], weight);
    }
  };
  // Items stay where they are in the file, so that a night's changes are easy to see.
  if (old_tags_) {
    for (std::uint32_t item = 0; item < old_tags_->items.size(); ++item) {
      const std::string id(old_tags_->items[item]);
      const auto now = tagged_.find(id);
      if (now != tagged_.end()) {
        append_new(id, now->second);
      } else {
        append_old_rows(out, item);
      }
    }
  }
  for (const Poster& poster : posters_) {
    const auto now = tagged_.find(poster.item);
    if (now != tagged_.end() && !(old_tags_ && old_tags_->items.find(poster.item))) {
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

void FileOutput::write_state(const std::string& written) {
  TaggedState state{
      .settings = options_.settings, .file = text_fingerprint(written), .posters = {}};
  if (old_state_) {
    state.posters = old_state_->posters;
  }
  for (const Poster& poster : posters_) {
    // Of an unchanged poster too, where there was no such file before.
    if (tagged_.contains(poster.item) || is_known(poster)) {
      state.posters[poster.item] = poster;
    }
  }
  write_tagged_state(options_.path + ".posters", state);
}

void FileOutput::finish() {
  if (options_.path == "-") {
    write_standard_output(text());
    return;
  }
  batch_done();
  const std::string written = text();
  AtomicFile file(options_.path);
  file.write(written);
  file.commit();
  if (options_.update) {
    write_state(written);
  }
  journal_->remove();
}

}  // namespace

std::unique_ptr<TagOutput> make_file_output(const TagList& tags, const TagSelection& selection,
                                            const TagFileOptions& options) {
  return std::make_unique<FileOutput>(tags, selection, options);
}

}  // namespace balse::cli
