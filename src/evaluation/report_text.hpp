#pragma once

#include <string>

#include "balse/evaluation/report.hpp"

#include "text_table.hpp"

/// What reports in the form of a table are put together from.
namespace balse::report_text {

/// The header, two rows of counts, then one for each model.
TextTable cells(const Evaluation& evaluation, const char* plus_minus);
/// What the figures are.
std::string note(const Evaluation& evaluation, const Manifest& manifest);
/// What they are of: "100 ratings, 10 users, ..."
std::string data_line(const Manifest& manifest);
/// Between the lines of the LaTeX tables.
inline constexpr TextStyle kLatex{.row_begin = "  ", .separator = " & ", .row_end = " \\\\"};

}  // namespace balse::report_text
