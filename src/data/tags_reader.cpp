#include "balse/data/tags_reader.hpp"

#include <filesystem>
#include <system_error>

#include "balse/data/input_file.hpp"
#include "balse/data/input_list.hpp"
#include "balse/data/sha256.hpp"
#include "balse/support/error.hpp"

#include "data/json_stream.hpp"
#include "data/tag_collector.hpp"
#include "data/tags_delimited.hpp"
#include "data/tags_json.hpp"
#include "data/tags_npz.hpp"
#include "data/tags_of_taggers.hpp"

namespace balse {
namespace {

void read_text(InputFile& file, bool beside_posters, TagCollector& tags) {
  tags.begin_file(file.path());
  const std::string_view head = file.head();
  const bool detect = tags.options().format == TagsFormat::detect;
  if (tags.options().subject == TagSubject::users) {
    if (looks_like_json(head)) {
      throw Error(ErrorKind::bad_data,
                  {.file = file.path(),
                   .found = "is JSON",
                   .expected = "rows of user,feature,value or a table with a column a feature"});
    }
    read_delimited_tags(file, tags);
    return;
  }
  if (detect && looks_like_json(head)) {
    read_json_tags(file, tags);
  } else if (detect && looks_like_deepdanbooru(head)) {
    read_deepdanbooru(file, tags);
  } else if (detect && beside_posters && is_sidecar(file.path())) {
    read_sidecar(file, tags);
  } else {
    read_delimited_tags(file, tags);
  }
}

}  // namespace

Tags read_tags(const std::string& path, const ReadTagsOptions& options, ReadTagsSummary& summary) {
  summary = {};
  const bool of_items = options.subject == TagSubject::items;
  if (options.format == TagsFormat::npz ||
      (of_items && options.format == TagsFormat::detect && looks_like_npz(path))) {
    return read_npz_tags(path, options, summary);
  }
  if (!options.names_file.empty()) {
    throw Error(ErrorKind::usage, {.file = path,
                                   .found = "names its tags itself, as every tag file but npz does",
                                   .hint = "it without --tag-names"});
  }
  TagCollector tags(options, summary);
  std::error_code error;
  if (path == "-" || !std::filesystem::is_directory(path, error)) {
    InputFile file(path);
    read_text(file, /*beside_posters=*/false, tags);
    Tags result = tags.finish();
    summary.fingerprint = file.fingerprint();
    return result;
  }
  Sha256 all;
  for (const std::string& name : list_inputs({path})) {
    if (is_picture(name)) {
      continue;
    }
    InputFile file(name);
    read_text(file, /*beside_posters=*/true, tags);
    all.update(file.fingerprint());
  }
  summary.fingerprint = all.hex();
  return tags.finish();
}

}  // namespace balse
