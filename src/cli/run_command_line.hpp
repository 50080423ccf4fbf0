#pragma once

namespace balse::cli {

/// The whole program: errors become a sentence on stderr and an exit code here.
int run_command_line(int argc, char** argv);

}  // namespace balse::cli
