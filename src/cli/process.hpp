#pragma once

namespace balse::cli {

inline constexpr const char* kOutOfMemory =
    "out of memory; try --threads 1, smaller inputs, or a higher limit of memory";

/// What a process does before anything else. Descriptors 0, 1 and 2 that are closed are opened on
/// /dev/null, so that no output file gets their number and our words with it. Signals that end
/// a process (kEndingSignals) remove unfinished output files and locks first and then end it as
/// they always do (128 + n in a shell).
void prepare_process();

/// Removes unfinished output files, says that there is no memory left and ends the process with 71,
/// all of it without memory. So ends also a process that the system starts with too little memory
/// for the C++ library to throw std::bad_alloc.
[[noreturn]] void end_out_of_memory() noexcept;

}  // namespace balse::cli
