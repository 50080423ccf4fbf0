#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/system_calls.hpp"
#include "balse/tagging/tag_journal.hpp"

#include "tagging/poster_lines.hpp"

namespace balse {
namespace {

using Json = nlohmann::json;

/// The content of a regular file. Nothing where there is none; neither links nor pipes are opened.
std::optional<std::string> read_regular(const std::string& path) {
  const int descriptor = uninterrupted([&] {
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  });
  if (descriptor < 0) {
    return std::nullopt;
  }
  struct stat status = {};
  std::optional<std::string> text;
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
    text = read_all(descriptor, path);
  }
  ::close(descriptor);
  return text;
}

/// The first line: what the rest was made with.
bool take_head(std::string_view line, TaggedState& state) {
  const Json json = parse_line(line);
  const auto has = [&](const char* key) { return json.contains(key) && json[key].is_string(); };
  if (!json.is_object() || !has("settings") || !has("file")) {
    return false;
  }
  state.settings = json["settings"];
  state.file = json["file"];
  return true;
}

bool begins_as_state(std::string_view text) {
  TaggedState ignored;
  return take_head(text.substr(0, text.find('\n')), ignored);
}

}  // namespace

bool is_tagged_state(const std::string& path) {
  const std::optional<std::string> text = read_regular(path);
  return text && begins_as_state(*text);
}

void check_tagged_state(const std::string& path) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) {
      return;
    }
    const std::string problem =
        errno == ENAMETOOLONG ? "the output's name is too long for it" : system_message(errno);
    throw Error(
        ErrorKind::cannot_create,
        {.file = path, .found = "cannot be made: " + problem, .hint = "an output of another name"});
  }
  if (status.st_size != 0 ? !is_tagged_state(path) : !S_ISREG(status.st_mode)) {
    throw Error(ErrorKind::cannot_create,
                {.file = path,
                 .found = "is not what balse tag writes there, so it must not be replaced",
                 .hint = "moving it away, or an output of another name"});
  }
}

std::optional<TaggedState> read_tagged_state(const std::string& path) {
  const std::string text = read_regular(path).value_or("");
  TaggedState state;
  bool first = true;
  const std::size_t whole = for_each_line(text, [&](std::string_view line) {
    if (std::exchange(first, false)) {
      return take_head(line, state);
    }
    auto poster = poster_of(parse_line(line));
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

void write_tagged_state(const std::string& path, const TaggedState& state,
                        const std::string& output) {
  std::vector<const Poster*> posters;
  for (const auto& [item, poster] : state.posters) {
    posters.push_back(&poster);
  }
  std::sort(posters.begin(), posters.end(),
            [](const Poster* a, const Poster* b) { return a->item < b->item; });
  AtomicFile file(path, {.beside = output});
  file.write(dump_line({{"settings", state.settings}, {"file", state.file}}));
  for (const Poster* poster : posters) {
    file.write(dump_line(to_json(*poster)));
  }
  file.commit();
}

}  // namespace balse
