#include "balse/data/tags_reader.hpp"

#include "balse/support/error.hpp"

#include "data/tags_npz.hpp"
#include "data/tags_text.hpp"

namespace balse {

Tags read_tags(const std::string& path, const ReadTagsOptions& options, ReadTagsSummary& summary) {
  summary = {};
  if (options.format == TagsFormat::npz ||
      (options.format == TagsFormat::detect && looks_like_npz(path))) {
    return read_npz_tags(path, options, summary);
  }
  if (!options.names_file.empty()) {
    throw Error(ErrorKind::usage, {.file = path,
                                   .found = "names its tags itself, as every tag file but npz does",
                                   .hint = "it without --tag-names"});
  }
  return read_text_tags(path, options, summary);
}

}  // namespace balse
