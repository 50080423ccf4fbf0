#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace balse {

/// Runs `action` in a copy of this process, which may crash, or try to take more than `memory`
/// bytes beyond what this process has, without harm. Returns an empty string where it went well,
/// otherwise the Error's `found` that it threw, or what became of it. The copy has one thread:
/// `action` must not use this process's others. Throws Error(io) where there is no copy to be had.
std::string run_isolated(std::uint64_t memory, const std::function<void()>& action);

}  // namespace balse
