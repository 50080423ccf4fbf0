#pragma once

#include <string>

#include "outline.hpp"

namespace balse::manual {

/// balse(1), as roff with the man macros. Pages carry the version and no date, so that the same
/// sources make the same bytes.
std::string program_page(const Outline& outline);

/// The page of one of its commands, as balse-eval(1).
std::string command_page(const Outline& outline, const CommandOutline& command);

}  // namespace balse::manual
