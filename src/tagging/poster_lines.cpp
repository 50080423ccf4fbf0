#include "tagging/poster_lines.hpp"

#include <cerrno>
#include <unistd.h>

#include "balse/data/json_depth.hpp"
#include "balse/support/error.hpp"
#include "balse/support/system_calls.hpp"

namespace balse {

using Json = nlohmann::json;

std::string dump_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json to_json(const Poster& poster) {
  return {{"item", poster.item},
          {"path", poster.path},
          {"size", poster.size},
          {"modified", poster.modified}};
}

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

std::string read_all(int descriptor, const std::string& path) {
  std::string text;
  char block[1 << 16];
  for (;;) {
    const ssize_t size = uninterrupted([&] { return ::read(descriptor, block, sizeof block); });
    if (size < 0) {
      throw Error(ErrorKind::io,
                  {.file = path, .found = "cannot be read: " + system_message(errno)});
    }
    if (size == 0) {
      return text;
    }
    text.append(block, static_cast<std::size_t>(size));
  }
}

}  // namespace balse
