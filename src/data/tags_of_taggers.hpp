#pragma once

#include <string>
#include <string_view>

#include "balse/data/input_file.hpp"

#include "data/tag_collector.hpp"

namespace balse {

/// Whether a file begins as DeepDanbooru's output does: "Tags of 20.jpg:".
bool looks_like_deepdanbooru(std::string_view head);
/// Lines "Tags of POSTER:", then "(WEIGHT) TAG" each.
void read_deepdanbooru(InputFile& file, TagCollector& tags);

/// Whether a file beside a poster may hold its tags: "20.txt", "20.caption".
bool is_sidecar(const std::string& path);
/// Whether it is neither that nor a poster; then a folder of them says nothing of it.
bool is_picture(const std::string& path);
/// Tags between commas, of the item that the file is named after, each of weight 1.
void read_sidecar(InputFile& file, TagCollector& tags);

}  // namespace balse
