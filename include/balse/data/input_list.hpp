#pragma once

#include <string>
#include <vector>

namespace balse {

/// The files that these paths name: themselves, and of a folder all that are in it and its folders,
/// by name, but those that begin with a dot, end with ~, or are called README or LICENSE. Throws
/// Error(no_input) for an empty folder.
std::vector<std::string> list_inputs(const std::vector<std::string>& paths);

}  // namespace balse
