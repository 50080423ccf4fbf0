#pragma once

#include <span>
#include <string>

#include "balse/tagging/tag_list.hpp"

namespace balse::cli {

/// Compares a picture's probabilities with published ones: a JSON file with an object of
/// tag: probability for each category, and perhaps "threshold", at or above which it names all
/// tags. Prints a table to standard output; throws Error(bad_data) where one is off by more than
/// `tolerance`, is missing from the tag list, or is not expected.
void verify_tags(std::span<const float> probabilities, const TagList& tags,
                 const std::string& expected_path, double tolerance);

}  // namespace balse::cli
