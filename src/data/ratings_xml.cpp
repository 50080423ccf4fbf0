#include "data/ratings_xml.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <pugixml.hpp>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

#include "data/list_scores.hpp"
#include "data/number.hpp"

namespace balse {
namespace {

constexpr std::size_t kLargest = std::size_t{256} << 20;  // a list of 10,000 works is 10 MB

// Lines of places that come one after another.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}

  std::uint64_t at(std::size_t offset) {
    for (; place_ < std::min(offset, text_.size()); ++place_) {
      line_ += text_[place_] == '\n' ? 1 : 0;
    }
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t place_ = 0;
  std::uint64_t line_ = 1;
};

std::string read_whole(InputFile& file) {
  std::string text;
  std::string_view chunk;
  while (file.next_chunk(chunk)) {
    text += chunk;
    if (text.size() > kLargest) {
      throw Error(ErrorKind::bad_data, {.file = file.path(),
                                        .found = "is XML of more than 256 MiB",
                                        .expected = "the export of one user"});
    }
  }
  const std::size_t wrong = find_invalid_utf8(text);
  const std::string_view declaration =
      std::string_view(text).substr(0, std::min<std::size_t>(text.find("?>"), 200));
  if (wrong != std::string_view::npos && declaration.find("8859") == std::string_view::npos) {
    throw Error(ErrorKind::bad_data, {.file = file.path(),
                                      .line = LineCounter(text).at(wrong),
                                      .found = "a byte that is not UTF-8",
                                      .expected = "UTF-8",
                                      .hint = "iconv -f latin1 -t utf-8"});
  }
  return text;
}

std::string child(const pugi::xml_node& node, const char* name) {
  std::string text = node.child(name).text().get();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

void read_list(const pugi::xml_node& root, LineCounter& lines, RatingCollector& ratings) {
  const pugi::xml_node info = root.child("myinfo");
  std::string user = child(info, "user_name");
  if (user.empty()) {
    user = child(info, "user_id");
  }
  if (user.empty()) {
    user = user_of_file(ratings.path());
    ratings.add_guess("no user_name, so the user is " + shorten(user) + " after the file's name");
  }
  ratings.summary().files.back().read_as = "MyAnimeList's export of user " + shorten(user) +
                                           ": my_score of series_animedb_id or manga_mangadb_id";
  for (const pugi::xml_node& node : root.children()) {
    const std::string_view kind = node.name();
    const bool manga = kind == "manga";
    if (!manga && kind != "anime") {
      continue;
    }
    ListEntry entry;
    entry.item =
        ratings.list_item(child(node, manga ? "manga_mangadb_id" : "series_animedb_id"), manga);
    entry.title = child(node, manga ? "manga_title" : "series_title");
    entry.status = child(node, "my_status");
    entry.line = lines.at(static_cast<std::size_t>(node.offset_debug()));
    const std::string score = child(node, "my_score");
    const std::optional<double> number = score.empty() ? 0.0 : parse_number(score);
    if (!number || *number < 0.0 || *number > 10.0) {
      ratings.begin_row(entry.line);
      ratings.reject("found " + shorten(score) + " as my_score", "a number from 0 to 10", {});
      continue;
    }
    entry.score = *number;
    add_list_entry(entry, user, ratings);
  }
}

}  // namespace

bool looks_like_xml(std::string_view head) {
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && head[first] == '<';
}

void read_xml_ratings(InputFile& file, RatingCollector& ratings) {
  const std::string text = read_whole(file);
  // Never anything from outside, nor entities that a document declares: pugixml knows neither.
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(text.data(), text.size());
  if (result.status == pugi::status_out_of_memory) {
    throw std::bad_alloc();
  }
  if (!result) {
    throw Error(ErrorKind::bad_data,
                {.file = file.path(),
                 .line = LineCounter(text).at(static_cast<std::size_t>(result.offset)),
                 .found = std::string("XML that cannot be read: ") + result.description(),
                 .hint = "a new download of it"});
  }
  std::size_t lists = 0;
  LineCounter lines(text);
  for (const pugi::xml_node& root : document.children()) {  // several where exports were joined
    if (root.type() != pugi::node_element) {
      continue;
    }
    if (std::string_view(root.name()) != "myanimelist") {
      throw Error(ErrorKind::bad_data,
                  {.file = file.path(),
                   .line = lines.at(static_cast<std::size_t>(root.offset_debug())),
                   .found = "XML of " + shorten(root.name()),
                   .expected = "MyAnimeList's export, which is of \"myanimelist\"",
                   .hint = "rows of user,item,rating made of it"});
    }
    ++lists;
    read_list(root, lines, ratings);
  }
  if (lists == 0) {
    throw Error(ErrorKind::bad_data, {.file = file.path(),
                                      .found = "XML without anything in it",
                                      .hint = "a new download of it"});
  }
}

}  // namespace balse
