#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "balse/data/works_reader.hpp"

namespace balse::cli {

/// --works-columns.
inline CLI::Option* add_works_columns(CLI::App& app, std::string& columns) {
  return app
      .add_option("--works-columns", columns,
                  "Where the columns of --works are, by name or number, as in item=id,title=name")
      ->type_name("LIST");
}

/// Reads --works beside the ratings of these items, and says on stderr what was guessed and what
/// does not fit.
Works read_works_beside(const std::string& path, const std::string& columns, const IdIndex& rated,
                        ReadWorksSummary& summary);

}  // namespace balse::cli
