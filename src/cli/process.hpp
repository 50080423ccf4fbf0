#pragma once

namespace balse::cli {

/// What a process does before anything else. Descriptors 0, 1 and 2 that are closed are opened on
/// /dev/null, so that no output file gets their number and our words with it. Signals that end
/// a process (kEndingSignals) remove unfinished output files and locks first and then end it as
/// they always do (128 + n in a shell).
void prepare_process();

}  // namespace balse::cli
