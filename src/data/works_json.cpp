#include "data/works_json.hpp"

#include "balse/data/column_names.hpp"
#include "balse/support/error.hpp"

#include "data/json_pieces.hpp"

namespace balse {
namespace {

// A text, or the first of {"romaji": ..., "english": ...}.
std::string title_text(const JsonTree& value) {
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
bool find_works(const JsonTree& value, std::uint64_t line,
                const std::function<void(const JsonWork&)>& keep) {
  bool found = false;
  if (value.is_object()) {
    JsonWork work{.item = {}, .title = {}, .category = {}, .line = line};
    std::string id;
    for (const auto& [key, member] : value.items()) {
      const bool scalar = member.is_string() || member.is_number();
      if (scalar && work.item.empty() && column_rank(key, Column::item)) {
        work.item = scalar_text(member);
      } else if (scalar && id.empty() && is_plain_id(key)) {
        id = scalar_text(member);
      } else if (work.title.empty() && column_rank(key, Column::title)) {
        work.title = title_text(member);
      } else if (scalar && work.category.empty() && column_rank(key, Column::category)) {
        work.category = scalar_text(member);
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

}  // namespace

void read_json_works(InputFile& file, const std::function<void(const JsonWork&)>& keep) {
  read_json_pieces(file, [&](const JsonPiece& piece) {
    const bool is_json = !piece.value.is_discarded();
    if (!is_json || !find_works(piece.value, piece.line, keep)) {
      throw Error(ErrorKind::bad_data, {.file = file.path(),
                                        .line = piece.line,
                                        .found = is_json ? "JSON without an item and its title"
                                                         : "JSON that cannot be read",
                                        .expected = R"(objects as {"id": 20, "title": "..."})"});
    }
  });
}

}  // namespace balse
