#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace balse {

/// What a copy of this process may take.
struct Allowance {
  std::uint64_t memory;   ///< bytes, beyond what this process has
  std::uint64_t seconds;  ///< of a processor
};

/// Runs `action` in a copy of this process, which may crash, or try to take more than allowed,
/// without harm. Returns an empty string where it went well,
/// otherwise the Error's `found` that it threw, or what became of it. The copy has one thread:
/// `action` must not use this process's others. Throws Error(io) where there is no copy to be had.
std::string run_isolated(const Allowance& allowance, const std::function<void()>& action);

}  // namespace balse
