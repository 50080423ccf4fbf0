#include "balse/tagging/tag_journal.hpp"

#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/file_attributes.hpp"
#include "balse/support/system_calls.hpp"
#include "balse/support/unfinished_files.hpp"

#include "tagging/poster_lines.hpp"

namespace balse {
namespace {

using Json = nlohmann::json;

/// Of every journal; see settings_line().
constexpr std::string_view kBeginning = R"({"balse tag":)";

std::string settings_line(const std::string& settings) {
  return Json{{"balse tag", 1}, {"settings", settings}}.dump() + '\n';
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

[[noreturn]] void fail_foreign(const std::string& path, const std::string& what) {
  throw Error(ErrorKind::cannot_create, {.file = path,
                                         .found = what + ", so it must not be written",
                                         .hint = "moving it away, or an output of another name"});
}

}  // namespace

bool is_unchanged(const Poster& before, const Poster& now) {
  return !now.content && before.size == now.size && before.modified == now.modified;
}

TagJournal::TagJournal(const std::string& output, const std::string& settings,
                       std::size_t tag_count)
    : path_(output + ".partial"), unfinished_(std::make_unique<UnfinishedFile>()) {
  const SignalsHeldBack until_remembered;
  open(output);
  try {
    read(settings, tag_count);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
  if (empty_) {
    unfinished_->remember(path_);
  }
}

TagJournal::~TagJournal() {
  ::close(descriptor_);
  if (empty_) {
    uninterrupted([&] { return ::unlink(path_.c_str()); });
  }
}

void TagJournal::open(const std::string& output) {
  constexpr int kFlags =
      O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  constexpr mode_t kMode = 0666;
  descriptor_ = uninterrupted([&] { return ::open(path_.c_str(), kFlags, kMode); });
  if (descriptor_ < 0) {
    const std::string problem = errno == ELOOP          ? "it is a symbolic link"
                                : errno == ENAMETOOLONG ? "the output's name is too long for it"
                                                        : system_message(errno);
    throw Error(ErrorKind::cannot_create,
                {.file = path_,
                 .found = "the journal of this run cannot be made: " + problem,
                 .hint = "an output of another name"});
  }
  struct stat own = {};
  struct stat table = {};
  if (::fstat(descriptor_, &own) != 0 || !S_ISREG(own.st_mode) || own.st_uid != ::geteuid()) {
    ::close(descriptor_);
    fail_foreign(path_, S_ISREG(own.st_mode) ? "belongs to another user" : "is no regular file");
  }
  if (own.st_size == 0 && ::stat(output.c_str(), &table) == 0) {
    table.st_mode |= S_IRUSR | S_IWUSR;
    take_permissions(descriptor_, table, output);
  }
}

void TagJournal::read(const std::string& settings, std::size_t tag_count) {
  const std::string text = read_all(descriptor_, path_);
  if (!text.starts_with(kBeginning) && !kBeginning.starts_with(text)) {
    fail_foreign(path_, "is no journal of balse tag");
  }
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
  empty_ = done_.empty();
  const auto cut = [&] { return ::ftruncate(descriptor_, static_cast<off_t>(whole)); };
  if (uninterrupted(cut) != 0) {
    throw Error(ErrorKind::io, {.file = path_, .found = "cannot be cut: " + system_message(errno)});
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
  pending_ += dump_line(json);
  empty_ = false;
}

void TagJournal::flush() {
  if (empty_) {
    return;
  }
  if (!write_all(descriptor_, pending_)) {
    throw Error(ErrorKind::io,
                {.file = path_, .found = "cannot be written: " + system_message(errno)});
  }
  pending_.clear();
  unfinished_->forget();
}

bool TagJournal::remove() {
  unfinished_->forget();
  empty_ = false;
  return uninterrupted([&] { return ::unlink(path_.c_str()); }) == 0 || errno == ENOENT;
}

}  // namespace balse
