#pragma once

#include <string>

namespace balse::report {

/// What a run of gnuplot gave: its standard output, or why there is none.
struct Plotted {
  std::string output;
  std::string problem;  ///< empty: it went well
  bool is_installed = true;
};

/// Runs the gnuplot of PATH, without a shell and without the user's own settings, and gives it
/// `script` on standard input. It has a minute. Throws nothing but std::bad_alloc.
Plotted run_gnuplot(const std::string& script);

}  // namespace balse::report
