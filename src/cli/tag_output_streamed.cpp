#include <utility>

#include "balse/support/error.hpp"

#include "result_file.hpp"
#include "tag_output.hpp"

namespace balse::cli {
namespace {

class StreamedOutput final : public TagOutput {
 public:
  StreamedOutput(const TagList& tags, TagSelection selection, const std::string& path,
                 TagFormat format, std::size_t top, bool csv_safe)
      : tags_(tags),
        selection_(std::move(selection)),
        format_(format),
        top_(top),
        csv_safe_(csv_safe),
        file_(path) {
    if (top_ == 0 && format_ == TagFormat::csv) {
      pending_ = kTagRowsHeader;
    }
  }

  void add(const Poster& poster, std::span<const float> probabilities) override {
    const std::vector<TagWeight> selected = select_tags(probabilities, tags_, selection_);
    weights_ += selected.size();
    if (top_ > 0) {
      append_top_tags(pending_, poster.path == "-" ? poster.item : printable(poster.path),
                      probabilities, tags_, selection_, top_);
    } else if (format_ == TagFormat::jsonl) {
      append_json_line(pending_, poster.item, selected, tags_);
    } else {
      for (const auto& [tag, weight] : selected) {
        append_triplet(pending_, poster.item, tags_.names[tag], weight, csv_safe_);
      }
    }
  }

  void batch_done() override {
    file_.write(pending_);
    pending_.clear();
  }

  void finish() override {
    batch_done();
    file_.commit();
  }

 private:
  const TagList& tags_;
  TagSelection selection_;
  TagFormat format_;
  std::size_t top_;
  bool csv_safe_;
  ResultFile file_;
  std::string pending_;
};

}  // namespace

std::unique_ptr<TagOutput> make_streamed_output(const TagList& tags, const TagSelection& selection,
                                                const std::string& path, TagFormat format,
                                                std::size_t top, bool csv_safe) {
  return std::make_unique<StreamedOutput>(tags, selection, path, format, top, csv_safe);
}

}  // namespace balse::cli
