#include "balse/tagging/tag_journal.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <nlohmann/json.hpp>

#include "balse/data/json_depth.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"

namespace balse {
namespace {

using Json = nlohmann::json;

std::string settings_line(const std::string& settings) {
  return Json{{"balse tag", 1}, {"settings", settings}}.dump() + '\n';
}

/// The paths of posters may be any bytes; what is no UTF-8 does not match and is tagged again.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json to_json(const Poster& poster) {
  return {{"item", poster.item},
          {"path", poster.path},
          {"size", poster.size},
          {"modified", poster.modified}};
}

/// A line, or nothing where it is torn.
Json parse_line(std::string_view line) {
  return json_deeper_than(line, 8) ? Json(Json::value_t::discarded)
                                   : Json::parse(line, nullptr, /*allow_exceptions=*/false);
}

std::optional<Poster> poster_of(const Json& json) {
  const auto has = [&](const char* key, bool (Json::*is)() const noexcept) {
    return json.contains(key) && (json[key].*is)();
  };
  if (!json.is_object() || !has("item", &Json::is_string) || !has("path", &Json::is_string) ||
      !has("size", &Json::is_number_unsigned) || !has("modified", &Json::is_number_integer)) {
    return std::nullopt;
  }
  return Poster{.item = json["item"],
                .path = json["path"],
                .size = json["size"],
                .modified = json["modified"],
                .content = nullptr};
}

std::optional<std::vector<TagWeight>> tags_of(const Json& json, std::size_t tag_count) {
  if (!json.contains("tags") || !json["tags"].is_array()) {
    return std::nullopt;
  }
  std::vector<TagWeight> tags;
  for (const Json& pair : json["tags"]) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned() ||
        pair[0].get<std::uint64_t>() >= tag_count || !pair[1].is_number() ||
        !(std::abs(pair[1].get<double>()) <= std::numeric_limits<float>::max())) {
      return std::nullopt;
    }
    tags.push_back({pair[0].get<std::uint32_t>(), pair[1].get<float>()});
  }
  return tags;
}

/// The complete lines of a text; what follows the last line end is torn.
template <typename Take>
std::size_t for_each_line(std::string_view text, const Take& take) {
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string_view::npos;) {
    if (!take(text.substr(begin, end - begin))) {
      break;
    }
    begin = end + 1;
  }
  return begin;
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

bool is_unchanged(const Poster& before, const Poster& now) {
  return !now.content && before.size == now.size && before.modified == now.modified;
}

TagJournal::TagJournal(std::string path, const std::string& settings, std::size_t tag_count)
    : path_(std::move(path)) {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0666);
  if (descriptor_ < 0) {
    throw Error(ErrorKind::cannot_create,
                {.file = path_,
                 .found = "the journal of this run cannot be made: " + system_message(errno)});
  }
  read(settings, tag_count);
}

TagJournal::~TagJournal() {
  ::close(descriptor_);
}

void TagJournal::read(const std::string& settings, std::size_t tag_count) {
  const std::string text = read_all(path_);
  const std::string first = settings_line(settings);
  std::size_t whole = 0;
  if (text.starts_with(first)) {
    whole = first.size() +
            for_each_line(std::string_view(text).substr(first.size()), [&](std::string_view line) {
              const Json json = parse_line(line);
              auto poster = poster_of(json);
              auto tags = tags_of(json, tag_count);
              if (!poster || !tags) {
                return false;
              }
              std::string item = poster->item;
              done_[std::move(item)] = {std::move(*poster), std::move(*tags)};
              return true;
            });
  } else {
    pending_ = first;
  }
  if (::ftruncate(descriptor_, static_cast<off_t>(whole)) != 0) {
    throw Error(ErrorKind::io, {.file = path_, .found = system_message(errno)});
  }
}

const std::vector<TagWeight>* TagJournal::find(const Poster& poster) const {
  const auto found = done_.find(poster.item);
  return found != done_.end() && is_unchanged(found->second.poster, poster) ? &found->second.tags
                                                                            : nullptr;
}

void TagJournal::add(const Poster& poster, const std::vector<TagWeight>& tags) {
  Json json = to_json(poster);
  Json& list = json["tags"] = Json::array();
  for (const TagWeight& tag : tags) {
    list.push_back({tag.tag, tag.weight});
  }
  pending_ += dump(json);
}

void TagJournal::flush() {
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      throw Error(ErrorKind::io,
                  {.file = path_, .found = "cannot be written: " + system_message(errno)});
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  pending_.clear();
}

void TagJournal::remove() {
  ::unlink(path_.c_str());
}

std::optional<TaggedState> read_tagged_state(const std::string& path) {
  const std::string text = read_all(path);
  TaggedState state;
  bool first = true;
  const std::size_t whole = for_each_line(text, [&](std::string_view line) {
    const Json json = parse_line(line);
    if (std::exchange(first, false)) {
      const auto has = [&](const char* key) { return json.contains(key) && json[key].is_string(); };
      if (!json.is_object() || !has("settings") || !has("file")) {
        return false;
      }
      state.settings = json["settings"];
      state.file = json["file"];
      return true;
    }
    auto poster = poster_of(json);
    if (!poster) {
      return false;
    }
    std::string item = poster->item;
    state.posters[std::move(item)] = std::move(*poster);
    return true;
  });
  if (text.empty() || whole != text.size()) {
    return std::nullopt;
  }
  return state;
}

void write_tagged_state(const std::string& path, const TaggedState& state) {
  std::vector<const Poster*> posters;
  for (const auto& [item, poster] : state.posters) {
    posters.push_back(&poster);
  }
  std::sort(posters.begin(), posters.end(),
            [](const Poster* a, const Poster* b) { return a->item < b->item; });
  AtomicFile file(path);
  file.write(dump({{"settings", state.settings}, {"file", state.file}}));
  for (const Poster* poster : posters) {
    file.write(dump(to_json(*poster)));
  }
  file.commit();
}

}  // namespace balse
