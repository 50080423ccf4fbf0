#pragma once

#include <string>

namespace balse {

/// The absolute path of the running program, links resolved: what `link` says, which is /proc's,
/// and where there is no such link what the kernel told the program at its start. Empty where
/// neither knows.
std::string executable_path(const std::string& link = "/proc/self/exe");

}  // namespace balse
