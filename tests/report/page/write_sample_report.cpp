// Writes the report of the sample results: write_sample_report FOLDER

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "balse/report/report_folder.hpp"

#include "report/sample_results.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_sample_report FOLDER\n", stderr);
    return EXIT_FAILURE;
  }
  try {
    const balse::Json results = balse::test::sample_results();
    const balse::ReportSummary summary =
        balse::write_report({.results = results,
                             .folds_csv = "row,fold0\n0,2\n",
                             .config_toml = "[eval]\nfold-count = 5\n",
                             .command = "balse eval ratings.csv --tags 'tags of mine.csv'\n",
                             .posters = balse::test::sample_posters()},
                            argv[1]);
    std::printf("%zu figures, %zu drawn %s\n", summary.figures, summary.drawn,
                summary.problem.c_str());
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return EXIT_FAILURE;
  }
}
