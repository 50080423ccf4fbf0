#pragma once

#include <string>
#include <vector>

#include "balse/report/report_folder.hpp"

#include "figures.hpp"

namespace balse::report {

/// What the parts of a page are made from.
struct PageInputs {
  const ReportInputs& inputs;
  const ResultsView& view;
  const DrawnFigures& drawn;
};

/// A part of the page with a heading; without `html` it is left out.
struct Section {
  std::string id;
  std::string title;
  std::string html;
};

/// index.html, whole in itself.
std::string render_page(const PageInputs& page);
std::string page_style();

/// A figure of the page: the picture, or its data as a table where it was not drawn. Nothing where
/// the results have no such figure.
std::string figure_html(const PageInputs& page, const std::string& name);
/// Several of them in a grid.
std::string figures_html(const PageInputs& page, const std::vector<std::string>& names);

Section series_section(const PageInputs& page);
Section accuracy_section(const PageInputs& page);
Section comparisons_section(const PageInputs& page);
Section gate_section(const PageInputs& page);
Section slices_section(const PageInputs& page);
Section users_section(const PageInputs& page);
Section ranking_section(const PageInputs& page);
Section data_section(const PageInputs& page);
Section posters_section(const PageInputs& page);
Section training_section(const PageInputs& page);
Section made_section(const PageInputs& page);
Section repeat_section(const PageInputs& page);

}  // namespace balse::report
