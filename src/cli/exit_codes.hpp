#pragma once

#include "balse/support/error.hpp"

namespace balse::cli {

/// The work is done and its results are written, but --strict was given and there were warnings.
/// None of sysexits.h, nor what shells end with by themselves (1, 2, 126 and above).
inline constexpr int kDoneWithWarnings = 3;

/// What an error ends the program with.
int exit_code_of(ErrorKind kind);

}  // namespace balse::cli
