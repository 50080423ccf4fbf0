#pragma once

#include <string>

#include "outline.hpp"

namespace balse::manual {

// Each is a whole completion file: commands, their options, the words of options that take one of a
// few, and file names where a file or folder is asked for.

std::string bash_completion(const Outline& outline);
std::string zsh_completion(const Outline& outline);
std::string fish_completion(const Outline& outline);

}  // namespace balse::manual
