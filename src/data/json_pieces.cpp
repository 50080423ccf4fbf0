#include "data/json_pieces.hpp"

#include "balse/data/delimited.hpp"
#include "balse/data/json_depth.hpp"
#include "balse/support/error.hpp"

#include "data/json_stream.hpp"

namespace balse {
namespace {

JsonPiece piece_of(std::string_view text, std::uint64_t line) {
  constexpr int kDeepestPiece = 100;
  return {.value = json_deeper_than(text, kDeepestPiece)
                       ? JsonTree(JsonTree::value_t::discarded)
                       : JsonTree::parse(text, nullptr, /*allow_exceptions=*/false),
          .text = text,
          .line = line};
}

}  // namespace

void read_json_pieces(InputFile& file, const std::function<void(const JsonPiece&)>& take) {
  constexpr std::size_t kLargestDocument = std::size_t{512} << 20;
  if (looks_like_json_lines(file.head())) {
    std::string_view line;
    while (file.next_line(line)) {
      if (!is_blank(line)) {
        take(piece_of(line, file.line_number()));
      }
    }
    return;
  }
  std::string text;
  std::string_view chunk;
  while (file.next_chunk(chunk)) {
    text += chunk;
    if (text.size() > kLargestDocument) {
      throw Error(ErrorKind::bad_data, {.file = file.path(),
                                        .found = "is a JSON document of more than 512 MiB",
                                        .expected = "less, or JSON lines"});
    }
  }
  take(piece_of(text, 0));
}

std::string scalar_text(const JsonTree& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool is_plain_id(std::string_view key) {
  return key == "id" || key == "mal_id";
}

}  // namespace balse
