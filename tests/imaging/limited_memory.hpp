#pragma once

#include <functional>
#include <optional>
#include <string>

namespace balse::test {

/// Runs `action` in a child process that may have 256 MB more memory than this one has; what it
/// returns, or nothing where it crashed or ran out of memory. Beneath a sanitizer, whose own memory
/// is beyond any limit, there is none.
std::optional<std::string> in_limited_memory(const std::function<std::string()>& action);

}  // namespace balse::test
