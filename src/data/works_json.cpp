#include "data/works_json.hpp"

#include <string_view>

#include <nlohmann/json.hpp>

#include "balse/data/column_names.hpp"
#include "balse/data/json_depth.hpp"
#include "balse/support/error.hpp"

#include "data/json_stream.hpp"

namespace balse {
namespace {

using WorkJson = nlohmann::ordered_json;

constexpr int kDeepestWork = 100;
constexpr std::size_t kLargestWorks = std::size_t{512} << 20;

std::string plain_text(const WorkJson& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// A text, or the first of {"romaji": ..., "english": ...}.
std::string title_text(const WorkJson& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (value.is_object()) {
    for (const auto& inner : value) {
      if (inner.is_string()) {
        return inner.get<std::string>();
      }
    }
  }
  return {};
}

// Whether there was a work in it.
bool find_works(const WorkJson& value, std::uint64_t line,
                const std::function<void(const JsonWork&)>& keep) {
  bool found = false;
  if (value.is_object()) {
    JsonWork work{.item = {}, .title = {}, .category = {}, .line = line};
    std::string id;
    for (const auto& [key, member] : value.items()) {
      const bool scalar = member.is_string() || member.is_number();
      if (scalar && work.item.empty() && column_rank(key, Column::item)) {
        work.item = plain_text(member);
      } else if (scalar && id.empty() && (key == "id" || key == "mal_id")) {
        id = plain_text(member);
      } else if (work.title.empty() && column_rank(key, Column::title)) {
        work.title = title_text(member);
      } else if (scalar && work.category.empty() && column_rank(key, Column::category)) {
        work.category = plain_text(member);
      }
    }
    work.item = work.item.empty() ? id : work.item;
    found = !work.item.empty() && !work.title.empty();
    if (found) {
      keep(work);
    }
  }
  if (value.is_array() || (value.is_object() && !found)) {
    for (const auto& inner : value) {
      found = (inner.is_structured() && find_works(inner, line, keep)) || found;
    }
  }
  return found;
}

void take_json(std::string_view text, const std::string& file, std::uint64_t line,
               const std::function<void(const JsonWork&)>& keep) {
  const WorkJson value = json_deeper_than(text, kDeepestWork)
                             ? WorkJson(WorkJson::value_t::discarded)
                             : WorkJson::parse(text, nullptr, false);
  if (value.is_discarded() || !find_works(value, line, keep)) {
    throw Error(ErrorKind::bad_data,
                {.file = file,
                 .line = line,
                 .found = value.is_discarded() ? "JSON that cannot be read"
                                               : "JSON without an item and its title",
                 .expected = R"(objects as {"id": 20, "title": "..."})"});
  }
}

}  // namespace

void read_json_works(InputFile& file, const std::function<void(const JsonWork&)>& keep) {
  if (looks_like_json_lines(file.head())) {
    std::string_view line;
    while (file.next_line(line)) {
      if (line.find_first_not_of(" \t") != std::string_view::npos) {
        take_json(line, file.path(), file.line_number(), keep);
      }
    }
    return;
  }
  std::string text;
  std::string_view chunk;
  while (file.next_chunk(chunk)) {
    text += chunk;
    if (text.size() > kLargestWorks) {
      throw Error(ErrorKind::bad_data,
                  {.file = file.path(), .found = "a JSON document of more than 512 MiB"});
    }
  }
  take_json(text, file.path(), 0, keep);
}

}  // namespace balse
