#pragma once

#include <string>
#include <vector>

#include "balse/model/training_json.hpp"

namespace balse {

/// A poster and what a network sees in it, as in figure 2 of the paper.
struct PosterWithTags {
  struct Tag {
    std::string name;
    double weight = 0.0;  ///< 0 to 1
  };

  std::string item;       ///< its id
  std::string title;      ///< empty where it is not known
  std::string mime_type;  ///< image/jpeg, image/png, image/webp or image/gif
  std::string bytes;      ///< the picture's file, made small by the caller: it is put into the page
  std::vector<Tag> tags;  ///< in the order they are shown in
};

/// What a report is made of. Only the results have to be there.
struct ReportInputs {
  const Json& results;      ///< docs/results.md
  std::string folds_csv;    ///< becomes folds.csv; empty: there is none
  std::string groups_csv;   ///< becomes groups.csv: what balse compare pairs runs by
  std::string config_toml;  ///< becomes config.toml
  std::string command;      ///< becomes command.txt: what repeats it all
  std::vector<PosterWithTags> posters;
};

/// How drawing went.
struct ReportSummary {
  std::size_t figures = 0;  ///< whose data there were
  std::size_t drawn = 0;    ///< as SVG and as PNG
  std::string problem;      ///< why some were not drawn, in words; empty: all were
};

/// Makes the folder where it is missing (but not the folders above it), and otherwise sees that it
/// is empty or has an earlier report: to be called before the work that the report is about.
/// Throws Error: usage where it has anything else or is no folder, cannot_create where it cannot be
/// made or written to.
void prepare_report_folder(const std::string& folder);

/// Writes the folder that docs/report.md describes, results.json first and index.html last, each
/// file whole or not at all. Of an earlier report it removes what this one does not have; what else
/// is in the folder stays as it is. Figures are drawn by gnuplot; where that fails or is not
/// installed, the page has tables in their places, and the summary says why. What is not UTF-8 in
/// the results is replaced. Throws Error as prepare_report_folder() and AtomicFile do.
ReportSummary write_report(const ReportInputs& inputs, const std::string& folder);

}  // namespace balse
