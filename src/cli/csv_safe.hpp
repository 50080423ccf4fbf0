#pragma once

#include <CLI/CLI.hpp>

#include "balse/support/error.hpp"

namespace balse::cli {

/// --csv-safe, of every command that writes ids, titles or tags as CSV.
class CsvSafe {
 public:
  CLI::Option* declare(CLI::App& app) {
    return app.add_flag("--csv-safe", given_,
                        "For spreadsheets: an apostrophe before ids, titles and tags that begin "
                        "with = + - or @, which would be taken for formulas");
  }

  /// `is_csv`: whether the output has fields that a spreadsheet would read.
  bool value(bool is_csv) const {
    if (given_ && !is_csv) {
      throw Error(ErrorKind::usage, {.found = "--csv-safe with an output that is no CSV",
                                     .expected = "--csv-safe with csv or tsv"});
    }
    return given_;
  }

 private:
  bool given_ = false;
};

}  // namespace balse::cli
