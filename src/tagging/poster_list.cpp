#include "balse/tagging/poster_list.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

#include "tagging/picture_head.hpp"
#include "tagging/poster_bytes.hpp"

namespace balse {
namespace {

namespace fs = std::filesystem;

bool is_printable(std::string_view text) {
  return find_invalid_utf8(text) == std::string_view::npos && !has_control_character(text);
}

/// The files of a folder and of the folders in it but hidden ones; links are followed, but into no
/// folder twice.
class FolderWalk {
 public:
  void enter(const fs::path& folder, bool is_argument) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (!error && !entered_.insert(real.native()).second) {
      return;
    }
    fs::directory_iterator at(folder, error);
    for (const fs::directory_iterator end; !error && at != end; at.increment(error)) {
      if (at->path().filename().native().front() == '.') {
        continue;
      }
      std::error_code ignored;
      if (at->is_directory(ignored)) {
        enter(at->path(), false);
      } else {
        files.push_back(at->path().string());
      }
    }
    if (error) {
      const std::string reason = "this folder cannot be read: " + error.message();
      if (is_argument) {
        throw Error(ErrorKind::no_input, {.file = folder.string(), .found = reason});
      }
      unread.push_back({{}, folder.string(), reason});
    }
  }

  std::vector<std::string> files;
  std::vector<PosterFailure> unread;

 private:
  std::unordered_set<std::string> entered_;
};

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return a == b || fs::equivalent(a, b, error);
}

std::string stem_of(const std::string& path) {
  return fs::path(path).stem().string();
}

/// Of a file in a folder, told by its name or else by its first bytes. What cannot be looked into
/// is taken for one, so that somebody hears of it.
bool may_be_poster(const std::string& path) {
  std::error_code error;
  if (has_picture_name(path) || !fs::is_regular_file(path, error)) {
    return true;
  }
  try {
    return is_picture_head(read_head(path, kPictureHead));
  } catch (const Error&) {
    return true;
  }
}

bool is_header(const LineSplitter& splitter) {
  const auto is = [](std::string_view field, std::string_view word) {
    return std::equal(field.begin(), field.end(), word.begin(), word.end(),
                      [](char a, char b) { return (a | 0x20) == b; });
  };
  return is(splitter[0], "item") && (is(splitter[1], "path") || is(splitter[1], "file"));
}

}  // namespace

void PosterCollector::add(const std::string& path) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    throw Error(ErrorKind::no_input, {.file = path,
                                      .found = "cannot be read: " + system_message(errno),
                                      .expected = "a poster, or a folder of posters"});
  }
  if (S_ISDIR(status.st_mode)) {
    add_folder(path);
  } else {
    add_file(stem_of(path), path);
  }
}

void PosterCollector::leave_out(const std::string& path) {
  std::error_code error;
  left_out_.insert(fs::weakly_canonical(path, error).native());
}

void PosterCollector::add_folder(const std::string& path) {
  FolderWalk walk;
  walk.enter(path, true);
  // Sorted, so that a run is the same on every machine.
  std::sort(walk.files.begin(), walk.files.end());
  for (const std::string& file : walk.files) {
    std::error_code error;
    const fs::path real = left_out_.empty() ? fs::path() : fs::weakly_canonical(file, error);
    if (left_out_.contains(real.native())) {
      continue;
    }
    if (may_be_poster(file)) {
      add_file(stem_of(file), file);
    } else {
      ++list_.no_pictures;
    }
  }
  list_.failures.insert(list_.failures.end(), walk.unread.begin(), walk.unread.end());
}

void PosterCollector::add_list(const std::string& list_path) {
  InputFile file(list_path);
  LineSplitter splitter(",");
  bool first = true;
  std::string_view line;
  while (file.next_line(line)) {
    if (is_blank(line)) {
      continue;
    }
    if (first) {
      splitter = LineSplitter(detect_delimiter(line, 2));
    }
    if (!splitter.split(line) || splitter.size() < 2 || splitter[0].empty() ||
        splitter[1].empty()) {
      throw Error(ErrorKind::bad_data, {.file = list_path,
                                        .line = file.line_number(),
                                        .found = shorten(line),
                                        .expected = "an item and the path of its poster"});
    }
    if (!first || !is_header(splitter)) {
      add_file(std::string(splitter[0]), std::string(splitter[1]));
    }
    first = false;
  }
}

void PosterCollector::add_standard_input(std::vector<std::byte> content) {
  if (std::find(content.begin(), content.end(), std::byte{0}) != content.end() ||
      is_portable_anymap(content)) {
    const std::uint64_t size = content.size();
    list_.posters.push_back(
        {.item = "stdin",
         .path = "-",
         .size = size,
         .content = std::make_shared<const std::vector<std::byte>>(std::move(content))});
    return;
  }
  std::string_view rest(reinterpret_cast<const char*>(content.data()), content.size());
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (!is_blank(line)) {
      add_file(stem_of(std::string(line)), std::string(line));
    }
  }
}

void PosterCollector::add_file(std::string item, const std::string& path) {
  const auto fail = [&](std::string reason) {
    list_.failures.push_back({item, path, std::move(reason)});
  };
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) {
    fail("cannot be read: " + system_message(errno));
  } else if (!S_ISREG(status.st_mode)) {
    fail("no regular file");
  } else if (!is_printable(item)) {
    fail("a name that cannot be an item's id: control characters, or no UTF-8");
  } else {
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    list_.posters.push_back(
        {.item = std::move(item),
         .path = path,
         .size = static_cast<std::uint64_t>(status.st_size),
         .modified = status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec});
  }
}

std::vector<std::byte> read_standard_input() {
  std::vector<std::byte> content;
  read_poster("-", content);
  return content;
}

PosterList PosterCollector::take() {
  std::unordered_map<std::string, std::size_t> first;
  std::vector<Poster> distinct;
  for (Poster& poster : list_.posters) {
    const auto [at, is_new] = first.try_emplace(poster.item, distinct.size());
    if (is_new) {
      distinct.push_back(std::move(poster));
      continue;
    }
    Poster& known = distinct[at->second];
    const auto is_same = [&](const std::string& path) { return is_same_file(path, poster.path); };
    if (is_same(known.path) ||
        std::any_of(known.alternatives.begin(), known.alternatives.end(), is_same)) {
      continue;
    }
    if (poster.content) {
      list_.failures.push_back(
          {poster.item, poster.path,
           "a second poster of item " + shorten(poster.item) + "; the first is " + known.path});
      continue;
    }
    known.alternatives.push_back(poster.path);
    known.size += poster.size;
    known.modified = std::max(known.modified, poster.modified);
  }
  list_.posters = std::move(distinct);
  return std::exchange(list_, {});
}

PosterList PosterCollector::take_files() {
  std::unordered_set<std::string> paths;
  std::erase_if(list_.posters, [&](const Poster& poster) {
    std::error_code ignored;
    const auto path = std::filesystem::canonical(poster.path, ignored);
    return !poster.content && !paths.insert(ignored ? poster.path : path.string()).second;
  });
  return std::exchange(list_, {});
}

}  // namespace balse
