#pragma once

#include <functional>
#include <string>

#include "balse/data/input_file.hpp"

namespace balse {

/// A work of a JSON file.
struct JsonWork {
  std::string item;
  std::string title;
  std::string category;
  std::uint64_t line = 0;  ///< of JSON lines; else 0
};

/// Calls `keep` for every object of JSON lines or of a document that has an item ("id", "anime_id")
/// and a title, which may be an object of titles in several languages. Throws Error(bad_data) where
/// there is none, or no JSON.
void read_json_works(InputFile& file, const std::function<void(const JsonWork&)>& keep);

}  // namespace balse
