#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "balse/data/input_file.hpp"

namespace balse {

/// Members in the order of the file.
using JsonTree = nlohmann::ordered_json;

/// A line of JSON lines, or a whole document.
struct JsonPiece {
  JsonTree value;  ///< is_discarded() where it is no JSON, or nested more than 100 deep
  std::string_view text;
  std::uint64_t line = 0;  ///< 0: a document
};

/// For files that are small enough to be in memory piece by piece, a document of at most 512 MiB.
/// Throws Error(bad_data) for a larger one.
void read_json_pieces(InputFile& file, const std::function<void(const JsonPiece&)>& take);

/// A text as it is, a number as it is written.
std::string scalar_text(const JsonTree& value);

/// Whether a member of an object may be its id where none says so clearly: "id", "mal_id".
bool is_plain_id(std::string_view key);

}  // namespace balse
